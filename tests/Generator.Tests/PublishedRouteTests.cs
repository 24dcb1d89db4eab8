using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>What the running application is told of its routed methods.</summary>
public class PublishedRouteTests
{
    private const string Count = "[ReadQuery(\"select count(*) from orders\")] public partial int Count();";

    [Fact]
    public void Sql_in_the_attribute() => Assert.Equal(
        ["C.Count read LeavesSessionClean=True Reads=orders"],
        Routes(Count));

    [Fact]
    public void Declared_shim_with_all_that_an_attribute_says() => Assert.Equal(
        ["C.Pay write Transaction=True SerializationRetries=3 Reads=orders Writes=payments", "C.Total read Consistency=1 MaxLagSeconds=2.5 Group=analytics Retry=False"],
        Routes(
            """
            [ReadQuery(Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 2.5, Group = "analytics", Retry = false)] public partial int Total();
            private int Total(NpgsqlConnection connection) => 0;
            [WriteCommand(Transaction = true, SerializationRetries = 3)] public partial int Pay(int id);
            private static int Pay(NpgsqlConnection connection, int id) => connection.Execute("insert into payments select id from orders where id = @id", new { id });
            """));

    [Fact]
    public void One_that_is_given_what_can_be_used_once_is_not_tried_again() => Assert.Equal(
        ["C.Load read Retry=False"],
        Routes("[ReadQuery] public static int Load(NpgsqlConnection connection, System.IO.Stream stream) => 0;"));

    [Fact]
    public void Overloads_are_listed_each() => Assert.Equal(
        ["C.Find read", "C.Find read"],
        Routes("[ReadQuery] private static int Find(NpgsqlConnection connection, int id) => 0; [ReadQuery] private static int Find(NpgsqlConnection connection, string name) => 0;"));

    [Fact]
    public void Defaults_of_the_assembly_are_those_of_the_method() => Assert.Equal(
        ["C.Count read Consistency=3 LeavesSessionClean=True Reads=orders"],
        Routes(Count, "[assembly: RoutingDefaults(Consistency = ReadConsistency.Strong)]"));

    [Fact]
    public void Refused_methods_are_left_out() => Assert.Empty(
        Routes("[ReadQuery(\"select (\")] public partial int Count(); [ReadQuery] public partial int Total(); [ReadQuery, WriteCommand] private static int Both(NpgsqlConnection connection) => 0;"));

    [Fact]
    public void Without_a_routed_method_there_is_no_file()
    {
        var result = GeneratorTest.Run(TestCompilation.Create("public class C { public int Count() => 0; }"), out _).GetRunResult();
        Assert.Empty(result.GeneratedTrees);
    }

    /// <summary>Nothing references an application, but it has routes.</summary>
    [Fact]
    public void Application_lists_its_routes_and_publishes_nothing_else()
    {
        var compilation = TestCompilation.Create(
            "internal partial class C { private partial class Inner(RoutedDataSource db) { [WriteCommand] private int Clear(NpgsqlConnection connection) => connection.Execute(\"delete from orders\"); } } " +
            "public static class P { public static void Main() { } public static int Write(NpgsqlConnection connection) => connection.Execute(\"delete from orders\"); }");
        GeneratorTest.Run(compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication)), out var output);
        var published = output.Assembly.GetAttributes().Where(static a => a.AttributeClass?.Name.StartsWith("Published", StringComparison.Ordinal) == true);
        Assert.Equal("C.Inner.Clear write Writes=orders", Render(Assert.Single(published)));
    }

    private static string[] Routes(string members, string before = "")
    {
        GeneratorTest.Run(TestCompilation.Create($"{before}\npublic partial class C(RoutedDataSource db)\n{{\n{members}\n}}"), out var output);
        return [.. output.Assembly.GetAttributes().Where(static a => a.AttributeClass?.Name == nameof(PublishedRouteAttribute)).Select(Render)];
    }

    private static string Render(AttributeData route) => string.Join(
        ' ',
        route.NamedArguments.Select(static a => $"{a.Key}={a.Value.Value}").Prepend((bool)route.ConstructorArguments[1].Value! ? "read" : "write").Prepend((string)route.ConstructorArguments[0].Value!));
}
