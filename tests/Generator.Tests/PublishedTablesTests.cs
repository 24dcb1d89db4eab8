using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>What other assemblies are told of the tables that the cores of routed methods use.</summary>
public class PublishedTablesTests
{
    [Fact]
    public void Core_of_a_declared_shim() => Assert.Equal(
        ["M:C.Count: orders | "],
        Tables("[ReadQuery] public partial int Count(); private static int Count(NpgsqlConnection connection) => connection.QuerySingle<int>(\"select count(*) from orders\");"));

    [Fact]
    public void Method_that_takes_the_connection() => Assert.Equal(
        ["M:C.Pay(Npgsql.NpgsqlConnection,System.Int32): orders | payments"],
        Tables("[WriteCommand] public static int Pay(NpgsqlConnection connection, int id) => connection.Execute(\"insert into payments select id from orders where id = @id\", new { id });"));

    [Fact]
    public void Through_helpers_that_are_given_the_sql() => Assert.Equal(
        ["M:C.Save: \"Lines\", customers | shop.orders, customers"],
        Tables(
            """
            [WriteCommand] public partial int Save();
            private int Save(NpgsqlConnection connection) { Touch(connection, "customers"); return Run(connection, "insert into shop.orders select * from \"Lines\""); }
            private int Touch(NpgsqlConnection connection, string table) => Run(connection, $"update {table} set touched = now() where id in (select id from customers)");
            private static int Run(NpgsqlConnection connection, string sql) => connection.Execute(sql);
            """));

    [Fact]
    public void Table_that_is_not_known_is_left_out() => Assert.Empty(
        Tables("[ReadQuery] public int Count(NpgsqlConnection connection, string table) => connection.QuerySingle<int>($\"select count(*) from {table}\");"));

    [Fact]
    public void Sql_in_the_attribute_is_in_the_metadata_already() => Assert.Empty(Tables("[ReadQuery(\"select count(*) from orders\")] public partial int Count();"));

    [Fact]
    public void Methods_that_nobody_else_can_call_are_left_out() => Assert.Empty(
        Tables("[ReadQuery] private static int Count(NpgsqlConnection connection) => connection.QuerySingle<int>(\"select count(*) from orders\");"));

    [Fact]
    public void Of_a_method_without_attribute_nothing_is_said() => Assert.Empty(
        Tables("public static int Count(NpgsqlConnection connection) => connection.QuerySingle<int>(\"select count(*) from orders\");"));

    private static string[] Tables(string members)
    {
        GeneratorTest.Run(TestCompilation.Create($"public partial class C(RoutedDataSource db)\n{{\n{members}\n}}"), out var output);
        return [.. output.Assembly.GetAttributes()
            .Where(static a => a.AttributeClass?.Name == nameof(PublishedTablesAttribute))
            .Select(static a => $"{a.ConstructorArguments[0].Value}: {a.ConstructorArguments[1].Value} | {a.ConstructorArguments[2].Value}")];
    }
}
