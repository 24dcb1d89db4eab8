namespace CompileTimeRouting.Sql;

/// <summary>What can be called: <c>pg_proc.prokind</c>.</summary>
internal enum SqlCatalogFunctionKind : byte
{
    Function,
    Procedure,
    Aggregate,
    Window,
}

/// <summary>What a function's author promised: <c>pg_proc.provolatile</c>.</summary>
internal enum SqlCatalogVolatility : byte
{
    Immutable,
    Stable,
    Volatile,
}

/// <summary>A function, procedure or aggregate of the database, and what its own body does without what it calls.</summary>
internal sealed class SqlCatalogFunction
{
    public string Schema { get; init; } = "";

    public string Name { get; init; } = "";

    public SqlCatalogFunctionKind Kind { get; init; }

    public SqlCatalogVolatility Volatility { get; init; } = SqlCatalogVolatility.Volatile;

    public string Language { get; init; } = "";

    /// <summary>The types of what a call passes, as <c>format_type</c> writes them; a procedure's OUT arguments are passed too.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>How many of the last arguments a call may leave out.</summary>
    public int Defaults { get; init; }

    /// <summary>The last argument takes any number of values.</summary>
    public bool IsVariadic { get; init; }

    /// <summary>Where the body alone may run, whatever it calls.</summary>
    public SqlRoute Route { get; init; }

    /// <summary>The standby raises an error when it comes to what the body does.</summary>
    public bool IsRefused { get; init; }

    /// <summary>What sends the body to the primary, or why it isn't known; null for one that only reads.</summary>
    public string? Reason { get; init; }

    /// <summary>The tables and views that the body names.</summary>
    public IReadOnlyList<SqlObjectName> Reads { get; init; } = [];

    public IReadOnlyList<SqlObjectName> Writes { get; init; } = [];

    /// <summary>The functions that the body calls, without the built-in ones.</summary>
    public IReadOnlyList<SqlObjectName> Calls { get; init; } = [];

    /// <summary>The search path that the function sets itself; empty when the caller's counts.</summary>
    public IReadOnlyList<string> SearchPath { get; init; } = [];

    /// <summary>Whether a call with so many arguments can mean this one.</summary>
    public bool Takes(int arguments)
        => arguments >= Arguments.Count - Defaults - (IsVariadic ? 1 : 0) && (arguments <= Arguments.Count || IsVariadic);

    public override string ToString() => new SqlObjectName(Schema, Name, 0, 0) + "(" + string.Join(", ", Arguments) + ")";
}
