using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// The bits of the data sources that the units of work of a body are known to be of. One that isn't known counts for all, and so
/// does each for a read or write whose own isn't known.
/// </summary>
internal sealed class FlowUnits(DataSources dataSources)
{
    private readonly List<string> _begun = [];

    /// <summary>The bit of a unit of work that begins.</summary>
    public FlowTransactions Begin(string? source)
    {
        if (source is null)
            return FlowTransactions.UnitOfWork;
        if (!_begun.Contains(source))
            _begun.Add(source);
        return Bit(_begun.IndexOf(source));
    }

    /// <summary>The units of work that a call of a routed method takes part in where they are open.</summary>
    /// <param name="method">The method; null for a write that isn't routed.</param>
    public FlowTransactions Of(IMethodSymbol? method)
    {
        if (method is null || _begun.Count == 0 || dataSources.Of(method) is not { } own)
            return FlowTransactions.UnitsOfWork;
        var units = FlowTransactions.UnitOfWork;
        for (var i = 0; i < _begun.Count; i++)
        {
            if (_begun[i] == own || (own == DataSources.Default && dataSources.IsMadeByHand(method.ContainingType)))
                units |= Bit(i);
        }

        return units;
    }

    /// <summary>Those that the writes of a step take part in.</summary>
    public FlowTransactions Of(FlowStep step)
    {
        var all = FlowTransactions.None;
        foreach (var write in step.Writes)
            all |= Of(write.Method);
        return all;
    }

    private static FlowTransactions Bit(int index)
    {
        var bit = (int)FlowTransactions.FirstSource << index;
        return bit <= ushort.MaxValue ? (FlowTransactions)bit : FlowTransactions.UnitOfWork;
    }
}
