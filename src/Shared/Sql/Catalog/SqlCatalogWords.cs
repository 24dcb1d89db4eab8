namespace CompileTimeRouting.Sql;

/// <summary>The words of the catalog's file, for its reader and its writer.</summary>
internal static class SqlCatalogWords
{
    public static IReadOnlyList<(string Word, SqlCatalogFunctionKind Value)> FunctionKinds { get; } =
    [
        ("function", SqlCatalogFunctionKind.Function),
        ("procedure", SqlCatalogFunctionKind.Procedure),
        ("aggregate", SqlCatalogFunctionKind.Aggregate),
        ("window", SqlCatalogFunctionKind.Window),
    ];

    public static IReadOnlyList<(string Word, SqlCatalogVolatility Value)> Volatilities { get; } =
    [
        ("immutable", SqlCatalogVolatility.Immutable),
        ("stable", SqlCatalogVolatility.Stable),
        ("volatile", SqlCatalogVolatility.Volatile),
    ];

    public static IReadOnlyList<(string Word, SqlRoute Value)> Routes { get; } =
        [("replica", SqlRoute.Replica), ("unknown", SqlRoute.Unknown), ("primary", SqlRoute.Primary)];

    public static IReadOnlyList<(string Word, SqlCatalogRelationKind Value)> RelationKinds { get; } =
    [
        ("table", SqlCatalogRelationKind.Table),
        ("partitioned table", SqlCatalogRelationKind.PartitionedTable),
        ("view", SqlCatalogRelationKind.View),
        ("materialized view", SqlCatalogRelationKind.MaterializedView),
        ("foreign table", SqlCatalogRelationKind.ForeignTable),
        ("sequence", SqlCatalogRelationKind.Sequence),
    ];

    public static IReadOnlyList<(string Word, SqlCatalogAction Value)> Actions { get; } =
    [
        ("no action", SqlCatalogAction.NoAction),
        ("restrict", SqlCatalogAction.Restrict),
        ("cascade", SqlCatalogAction.Cascade),
        ("set null", SqlCatalogAction.SetNull),
        ("set default", SqlCatalogAction.SetDefault),
    ];

    public static IReadOnlyList<(string Word, SqlWriteEvents Value)> Events { get; } =
    [
        ("insert", SqlWriteEvents.Insert),
        ("update", SqlWriteEvents.Update),
        ("delete", SqlWriteEvents.Delete),
        ("truncate", SqlWriteEvents.Truncate),
    ];

    /// <summary>The name that <see cref="SqlObjectName.ToString"/> wrote, or null.</summary>
    public static SqlObjectName? Name(string text)
    {
        var parts = new List<string>();
        var dot = false;
        foreach (var token in new SqlLexer(text))
        {
            if (dot && token.Kind == SqlTokenKind.Dot)
                dot = false;
            else if (!dot && SqlIdentifier.IsIdentifier(token.Kind) && !token.IsUnterminated)
            {
                parts.Add(SqlIdentifier.Name(text, token));
                dot = true;
            }
            else
                return null;
        }

        return !dot || parts.Count > 2 ? null : new SqlObjectName(parts.Count == 2 ? parts[0] : null, parts[parts.Count - 1], 0, 0);
    }
}
