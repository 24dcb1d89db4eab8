namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// What may have happened on the ways to a place that all have the same transactions open. Each bit of a mask is a step that
/// writes.
/// </summary>
/// <param name="Open">The transactions that are open.</param>
/// <param name="Pending">Begun, and not awaited yet.</param>
/// <param name="Done">Written, for all to see on the primary.</param>
/// <param name="InConnection">Written in a connection's transaction that is still open.</param>
/// <param name="InScope">Written in a scope that is still open.</param>
/// <param name="InUnit">Written in a unit of work that is still open.</param>
internal readonly record struct FlowState(FlowTransactions Open, ulong Pending, ulong Done, ulong InConnection, ulong InScope, ulong InUnit)
{
    /// <param name="other">One with the same transactions open.</param>
    public FlowState Or(FlowState other) =>
        new(Open, Pending | other.Pending, Done | other.Done, InConnection | other.InConnection, InScope | other.InScope, InUnit | other.InUnit);

    public FlowState Begin(FlowTransactions kind) => this with { Open = Open | kind };

    /// <param name="step">A step that writes.</param>
    /// <param name="units">The units of work that it would take part in.</param>
    public FlowState Write(FlowStep step, FlowTransactions units)
    {
        if (step.Completion.IsNever)
            return this;
        return step.Completion.IsNow ? Complete(step, units) : this with { Pending = Pending | step.Bit };
    }

    // A routed write opens a connection of its own: a connection's transaction has nothing to do with it.
    public FlowState Complete(FlowStep step, FlowTransactions units)
    {
        var left = this with { Pending = Pending & ~step.Bit };
        if (step.IsRouted && (Open & units) != 0)
            return left with { InUnit = InUnit | step.Bit };
        if (!step.IsRouted && (Open & FlowTransactions.Connection) != 0)
            return left with { InConnection = InConnection | step.Bit };
        if ((Open & FlowTransactions.Scope) != 0)
            return left with { InScope = InScope | step.Bit };
        return !step.IsRouted && (Open & FlowTransactions.UnitsOfWork) != 0
            ? left with { InUnit = InUnit | step.Bit }
            : left with { Done = Done | step.Bit };
    }

    public FlowState Commit(FlowTransactions kind)
    {
        var ended = End(kind);
        return ended with { Done = Done | (InConnection & ~ended.InConnection) | (InScope & ~ended.InScope) | (InUnit & ~ended.InUnit) };
    }

    public FlowState End(FlowTransactions kind)
    {
        var open = Open & ~kind;
        return new FlowState(
            open,
            Pending,
            Done,
            (open & FlowTransactions.Connection) == 0 ? 0 : InConnection,
            (open & FlowTransactions.Scope) == 0 ? 0 : InScope,
            (open & FlowTransactions.UnitsOfWork) == 0 ? 0 : InUnit);
    }
}
