namespace CompileTimeRouting.Sql.Tests;

public class SqlFunctionCatalogTests
{
    [Theory]
    [InlineData(null, "nextval", nameof(SqlFunctionRole.Refused))]
    [InlineData("pg_catalog", "nextval", nameof(SqlFunctionRole.Refused))]
    [InlineData("app", "nextval", nameof(SqlFunctionRole.Unknown))]
    [InlineData(null, "txid_current", nameof(SqlFunctionRole.RefusedInPlanning))]
    [InlineData(null, "pg_advisory_lock", nameof(SqlFunctionRole.Primary))]
    [InlineData(null, "pg_start_backup", nameof(SqlFunctionRole.Primary))]
    [InlineData(null, "query_to_xml", nameof(SqlFunctionRole.RunsText))]
    [InlineData(null, "lo_open", nameof(SqlFunctionRole.OpensLargeObject))]
    [InlineData(null, "lower", nameof(SqlFunctionRole.Harmless))]
    [InlineData(null, "uuidv7", nameof(SqlFunctionRole.Harmless))]
    [InlineData(null, "regtype", nameof(SqlFunctionRole.Harmless))]
    [InlineData(null, "similarity", nameof(SqlFunctionRole.Harmless))]
    [InlineData("extensions", "similarity", nameof(SqlFunctionRole.Harmless))]
    [InlineData("extensions", "dblink_exec", nameof(SqlFunctionRole.RunsRemotely))]
    [InlineData("extensions", "bt_index_parent_check", nameof(SqlFunctionRole.Refused))]
    [InlineData("extensions", "crosstab", nameof(SqlFunctionRole.RunsText))]
    [InlineData(null, "Lower", nameof(SqlFunctionRole.Unknown))]
    [InlineData(null, "", nameof(SqlFunctionRole.Unknown))]
    public void Roles(string? schema, string name, string expected) => Assert.Equal(expected, SqlFunctionCatalog.Role(schema, name).ToString());

    [Fact]
    public void A_look_up_allocates_nothing()
    {
        SqlFunctionCatalog.Role(null, "lower");
        var before = GC.GetAllocatedBytesForCurrentThread();
        SqlFunctionCatalog.Role(null, "lower");
        SqlFunctionCatalog.Role("app", "no_such_function");
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
