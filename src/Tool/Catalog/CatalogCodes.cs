using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Tool.Catalog;

/// <summary>The letters and bits of the system catalogs.</summary>
internal static class CatalogCodes
{
    /// <summary><c>pg_proc.prokind</c></summary>
    public static SqlCatalogFunctionKind FunctionKind(string code) => code switch
    {
        "p" => SqlCatalogFunctionKind.Procedure,
        "a" => SqlCatalogFunctionKind.Aggregate,
        "w" => SqlCatalogFunctionKind.Window,
        _ => SqlCatalogFunctionKind.Function,
    };

    /// <summary><c>pg_proc.provolatile</c></summary>
    public static SqlCatalogVolatility Volatility(string code) => code switch
    {
        "i" => SqlCatalogVolatility.Immutable,
        "s" => SqlCatalogVolatility.Stable,
        _ => SqlCatalogVolatility.Volatile,
    };

    /// <summary><c>pg_class.relkind</c></summary>
    public static SqlCatalogRelationKind RelationKind(string code) => code switch
    {
        "p" => SqlCatalogRelationKind.PartitionedTable,
        "v" => SqlCatalogRelationKind.View,
        "m" => SqlCatalogRelationKind.MaterializedView,
        "f" => SqlCatalogRelationKind.ForeignTable,
        "S" => SqlCatalogRelationKind.Sequence,
        _ => SqlCatalogRelationKind.Table,
    };

    /// <summary><c>pg_constraint.confdeltype</c></summary>
    public static SqlCatalogAction Action(string code) => code switch
    {
        "r" => SqlCatalogAction.Restrict,
        "c" => SqlCatalogAction.Cascade,
        "n" => SqlCatalogAction.SetNull,
        "d" => SqlCatalogAction.SetDefault,
        _ => SqlCatalogAction.NoAction,
    };

    /// <summary><c>pg_trigger.tgtype</c></summary>
    public static SqlWriteEvents TriggerEvents(int bits)
        => ((bits & 4) != 0 ? SqlWriteEvents.Insert : 0) | ((bits & 8) != 0 ? SqlWriteEvents.Delete : 0)
            | ((bits & 16) != 0 ? SqlWriteEvents.Update : 0) | ((bits & 32) != 0 ? SqlWriteEvents.Truncate : 0);

    /// <summary><c>pg_rewrite.ev_type</c></summary>
    public static SqlWriteEvents RuleEvents(string code) => code switch
    {
        "2" => SqlWriteEvents.Update,
        "3" => SqlWriteEvents.Insert,
        "4" => SqlWriteEvents.Delete,
        _ => SqlWriteEvents.None,
    };
}
