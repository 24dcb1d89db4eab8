namespace CompileTimeRouting.Sql;

/// <summary>An operator that the database adds, and the function that it calls.</summary>
internal sealed class SqlCatalogOperator
{
    /// <summary>Without its schema: a statement names one only in <c>OPERATOR(schema.name)</c>.</summary>
    public string Name { get; init; } = "";

    public SqlObjectName Function { get; init; }
}
