namespace CompileTimeRouting.Sql;

/// <summary>All that a function or view comes to, itself included, through whatever it calls and reads.</summary>
internal sealed class SqlCatalogReach
{
    public SqlCatalogReach(IReadOnlyList<SqlObjectName> reads, IReadOnlyList<SqlObjectName> writes, bool plansUnlogged)
    {
        Reads = reads;
        Writes = writes;
        PlansUnlogged = plansUnlogged;
    }

    /// <summary>The tables, and the views on the way to them.</summary>
    public IReadOnlyList<SqlObjectName> Reads { get; }

    /// <summary>What the bodies name, without what triggers, rules and foreign keys write then.</summary>
    public IReadOnlyList<SqlObjectName> Writes { get; }

    /// <summary>Planning meets an unlogged table, not just a function that does when it runs.</summary>
    public bool PlansUnlogged { get; }
}
