namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>What may have happened on some way to a place. Each bit of a mask is a step that writes.</summary>
/// <param name="Pending">Begun, and not awaited yet.</param>
/// <param name="Done">Written, for all to see on the primary.</param>
/// <param name="Uncommitted">Written in a transaction that is still open.</param>
/// <param name="Open">The transactions that are open.</param>
internal readonly record struct FlowState(ulong Pending, ulong Done, ulong Uncommitted, FlowTransactions Open)
{
    public bool IsInUnitOfWork => (Open & FlowTransactions.UnitOfWork) != 0;

    public FlowState Or(FlowState other) => new(Pending | other.Pending, Done | other.Done, Uncommitted | other.Uncommitted, Open | other.Open);

    public FlowState Begin(FlowTransactions kind) => this with { Open = Open | kind };

    public FlowState Write(FlowStep step)
    {
        if (step.Completion.IsNever)
            return this;
        return step.Completion.IsNow ? Complete(step) : this with { Pending = Pending | step.Bit };
    }

    // A routed write opens a connection of its own: a connection's transaction has nothing to do with it.
    public FlowState Complete(FlowStep step)
    {
        var joins = (Open & (FlowTransactions.UnitOfWork | FlowTransactions.Scope)) != 0 || (Open != FlowTransactions.None && !step.IsRouted);
        return joins
            ? this with { Pending = Pending & ~step.Bit, Uncommitted = Uncommitted | step.Bit }
            : this with { Pending = Pending & ~step.Bit, Done = Done | step.Bit };
    }

    public FlowState Commit() => new(Pending, Done | Uncommitted, 0, FlowTransactions.None);

    public FlowState End() => new(Pending, Done, 0, FlowTransactions.None);
}

/// <summary>The kinds of transaction that may be open.</summary>
[Flags]
internal enum FlowTransactions : byte
{
    None = 0,
    UnitOfWork = 1,
    Connection = 2,
    Scope = 4,
}
