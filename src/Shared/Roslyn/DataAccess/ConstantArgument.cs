using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>An argument that is a constant or a new object, or a parameter of the caller that its own caller may give one.</summary>
/// <param name="Ordinal">The place of the parameter that takes it.</param>
/// <param name="Value">The constant, or the <see cref="IObjectCreationOperation"/>.</param>
/// <param name="From">The caller's parameter; null where the argument is the constant.</param>
internal sealed record ConstantArgument(int Ordinal, object? Value, IParameterSymbol? From);
