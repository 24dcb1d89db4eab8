namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>The transactions that are open.</summary>
[Flags]
internal enum FlowTransactions : ushort
{
    None = 0,

    /// <summary>One of a connection or context, which routed methods don't take part in.</summary>
    Connection = 1,

    /// <summary>A <c>TransactionScope</c>: each connection takes part, none sees another's writes.</summary>
    Scope = 2,

    /// <summary>A unit of work of a data source that isn't known: it counts for all of them.</summary>
    UnitOfWork = 4,

    /// <summary>The first of the bits for units of work of data sources that are known.</summary>
    FirstSource = 8,

    /// <summary>All units of work.</summary>
    UnitsOfWork = ushort.MaxValue & ~(Connection | Scope),
}
