using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>A class of the source whose method a mediator runs around the handlers of many messages: <c>IPipelineBehavior</c> and its like.</summary>
/// <param name="Method">The method.</param>
/// <param name="Type">The class.</param>
/// <param name="Message">What it takes: its type parameter, or one type of messages.</param>
/// <param name="Doubt">A clause for the case that it writes; null where it looks at no message before it does.</param>
internal sealed record MessageBehavior(IMethodSymbol Method, INamedTypeSymbol Type, ITypeSymbol Message, string? Doubt)
{
    /// <summary>Whether the constraints let a message in.</summary>
    public bool IsAround(INamedTypeSymbol message) => Message is ITypeParameterSymbol parameter
        ? parameter.ConstraintTypes.OfType<INamedTypeSymbol>().All(c => IsA(message, c))
        : Message is INamedTypeSymbol type && IsA(message, type);

    private static bool IsA(INamedTypeSymbol message, INamedTypeSymbol wanted) =>
        Implementations.IsOrDerives(message, wanted.OriginalDefinition) ||
        message.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, wanted.OriginalDefinition));
}
