using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess.Tables;

/// <summary>An entity of EF Core that a body uses.</summary>
/// <param name="Kind">How.</param>
/// <param name="Entity">The type of the entity; null for a save.</param>
/// <param name="Set">The property that holds the set; null where there is none.</param>
/// <param name="Syntax">The expression that does it.</param>
internal sealed record EntityUse(EntityUseKind Kind, ITypeSymbol? Entity, IPropertySymbol? Set, SyntaxNode Syntax);
