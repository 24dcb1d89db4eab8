namespace CompileTimeRouting.Roslyn.Models;

/// <summary>What a statement's rows become.</summary>
/// <param name="Cardinality">How many rows there is room for.</param>
/// <param name="Collection">What holds them, where there are many.</param>
/// <param name="Row">One row; null where the method returns nothing.</param>
internal sealed record ResultShape(ResultCardinality Cardinality, ResultCollection Collection, RowShape? Row);
