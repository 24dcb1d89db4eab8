using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>The data source of a type, or why there is none.</summary>
/// <param name="Expression">The expression for it; null where there is not exactly one.</param>
/// <param name="IsStatic">Whether a static shim can use it.</param>
/// <param name="ParameterName">Its name, where it is a primary-constructor parameter, which a parameter of the shim could hide.</param>
/// <param name="Candidates">The names found: none, one or several.</param>
/// <param name="Type">Its type; null where there is not exactly one.</param>
/// <param name="AreParameters">Whether several were found, all of them primary-constructor parameters.</param>
internal sealed record SourceChoice(string? Expression, bool IsStatic, string? ParameterName, IReadOnlyList<string> Candidates, ITypeSymbol? Type = null, bool AreParameters = false);
