using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess.Tables;

/// <summary>An entity of EF Core that a body uses.</summary>
/// <param name="Kind">How.</param>
/// <param name="Entity">The type of the entity; null for a save.</param>
/// <param name="Set">The property that holds the set; null where there is none.</param>
/// <param name="Syntax">The expression that does it.</param>
internal sealed record EntityUse(EntityUseKind Kind, ITypeSymbol? Entity, IPropertySymbol? Set, SyntaxNode Syntax)
{
    /// <summary>Whether it is a change that a save anywhere behind it writes.</summary>
    public bool IsNoted => Kind is EntityUseKind.Tracked or EntityUseKind.Changed;

    /// <summary>Whether a save writes it.</summary>
    /// <param name="isAnyNoted">Whether any is given to the context: where none is, a save writes what is changed in the entities themselves.</param>
    public bool IsWrittenBySave(bool isAnyNoted) => IsNoted || (!isAnyNoted && Kind is (EntityUseKind.ReadTracked or EntityUseKind.Attached));
}
