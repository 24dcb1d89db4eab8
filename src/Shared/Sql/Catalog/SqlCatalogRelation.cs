namespace CompileTimeRouting.Sql;

/// <summary>What a relation is: <c>pg_class.relkind</c>.</summary>
internal enum SqlCatalogRelationKind : byte
{
    Table,
    PartitionedTable,
    View,
    MaterializedView,
    ForeignTable,
    Sequence,
}

/// <summary>A table, view or sequence of the database.</summary>
internal sealed class SqlCatalogRelation
{
    public string Schema { get; init; } = "";

    public string Name { get; init; } = "";

    public SqlCatalogRelationKind Kind { get; init; }

    /// <summary>It, or a partition or child of it, is unlogged: a standby has no content and refuses to read it.</summary>
    public bool IsUnlogged { get; init; }

    public IReadOnlyList<SqlCatalogColumn> Columns { get; init; } = [];

    /// <summary>What a view reads: the tables and views of its definition.</summary>
    public IReadOnlyList<SqlObjectName> Reads { get; init; } = [];

    /// <summary>The functions that reading it calls: those of a view's definition, of policies, of virtual columns.</summary>
    public IReadOnlyList<SqlObjectName> Calls { get; init; } = [];

    /// <summary>Where reading it may run by its own definition, whatever that calls: a view over nextval belongs on the primary.</summary>
    public SqlRoute Route { get; init; }

    /// <summary>The standby raises an error when it comes to what the definition does.</summary>
    public bool IsRefused { get; init; }

    /// <summary>What sends it to the primary, or why it isn't known; null for what is just read.</summary>
    public string? Reason { get; init; }

    /// <summary>The partitioned table that it is a partition of, or the tables that it inherits from.</summary>
    public IReadOnlyList<SqlObjectName> Parents { get; init; } = [];

    public IReadOnlyList<SqlCatalogTrigger> Triggers { get; init; } = [];

    /// <summary>The rules, without a view's own one for SELECT.</summary>
    public IReadOnlyList<SqlCatalogRule> Rules { get; init; } = [];

    public IReadOnlyList<SqlCatalogForeignKey> ForeignKeys { get; init; } = [];

    public override string ToString() => new SqlObjectName(Schema, Name, 0, 0).ToString();
}

internal sealed class SqlCatalogColumn
{
    public string Name { get; init; } = "";

    /// <summary>As <c>format_type</c> writes it.</summary>
    public string Type { get; init; } = "";

    public bool IsNotNull { get; init; }
}

/// <summary>An enabled trigger.</summary>
internal sealed class SqlCatalogTrigger
{
    public string Name { get; init; } = "";

    public SqlWriteEvents Events { get; init; }

    public SqlObjectName Function { get; init; }
}

/// <summary>An enabled rule of INSERT, UPDATE or DELETE.</summary>
internal sealed class SqlCatalogRule
{
    public string Name { get; init; } = "";

    public SqlWriteEvents Events { get; init; }

    /// <summary>Its action takes the place of the statement.</summary>
    public bool IsInstead { get; init; }

    /// <summary>It has a WHERE, so that the statement may run as well.</summary>
    public bool IsConditional { get; init; }

    /// <summary>DO NOTHING.</summary>
    public bool IsNothing { get; init; }

    public IReadOnlyList<SqlObjectName> Reads { get; init; } = [];

    public IReadOnlyList<SqlObjectName> Writes { get; init; } = [];

    public IReadOnlyList<SqlObjectName> Calls { get; init; } = [];
}

/// <summary>A foreign key of the table that refers to another.</summary>
internal sealed class SqlCatalogForeignKey
{
    public string Name { get; init; } = "";

    public IReadOnlyList<string> Columns { get; init; } = [];

    public SqlObjectName References { get; init; }

    public SqlCatalogAction OnDelete { get; init; }

    public SqlCatalogAction OnUpdate { get; init; }
}

/// <summary>What a foreign key does to the referring row: <c>pg_constraint.confdeltype</c>.</summary>
internal enum SqlCatalogAction : byte
{
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// <summary>An enum type.</summary>
internal sealed class SqlCatalogEnum
{
    public string Schema { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>In their order.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];
}

/// <summary>The ways to write a table.</summary>
[Flags]
internal enum SqlWriteEvents : byte
{
    None = 0,
    Insert = 1,
    Update = 2,
    Delete = 4,
    Truncate = 8,
    All = Insert | Update | Delete | Truncate,
}
