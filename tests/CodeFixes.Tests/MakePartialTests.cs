using CompileTimeRouting.Analyzers;

namespace CompileTimeRouting.CodeFixes.Tests;

public class MakePartialTests
{
    [Theory]
    [InlineData("public sealed class {|CTR001:Notes|}(RoutedDataSource db)", "public sealed partial class Notes(RoutedDataSource db)")]
    [InlineData("class {|CTR001:Notes|}(RoutedDataSource db)", "partial class Notes(RoutedDataSource db)")]
    [InlineData("/* notes */ class {|CTR001:Notes|}(RoutedDataSource db)", "/* notes */ partial class Notes(RoutedDataSource db)")]
    [InlineData("[Serializable]\nclass {|CTR001:Notes|}(RoutedDataSource db)", "[Serializable]\npartial class Notes(RoutedDataSource db)")]
    [InlineData("public sealed record {|CTR001:Notes|}(RoutedDataSource Db)", "public sealed partial record Notes(RoutedDataSource Db)")]
    [InlineData("public readonly record struct {|CTR001:Notes|}(RoutedDataSource Db)", "public readonly partial record struct Notes(RoutedDataSource Db)")]
    [InlineData("public readonly struct {|CTR001:Notes|}(RoutedDataSource db)", "public readonly partial struct Notes(RoutedDataSource db)")]
    public Task Type(string before, string after)
    {
        const string Body = "\n{\n    [ReadQuery]\n    public static void Run(NpgsqlConnection connection) { }\n}\n";
        return Fixed(before + Body, after + Body);
    }

    [Fact]
    public Task Types_around() => Fixed(
        """
        public class {|CTR001:Outer|}
        {
            internal static partial class Middle
            {
                public sealed class {|CTR001:Notes|}(RoutedDataSource db)
                {
                    [ReadQuery]
                    public static void Run(NpgsqlConnection connection) { }
                }
            }
        }
        """,
        """
        public partial class Outer
        {
            internal static partial class Middle
            {
                public sealed partial class Notes(RoutedDataSource db)
                {
                    [ReadQuery]
                    public static void Run(NpgsqlConnection connection) { }
                }
            }
        }
        """);

    [Theory]
    [InlineData("public static Task<int> {|CS0501:{|CTR001:RunAsync|}|}();", "public static partial Task<int> RunAsync();")]
    [InlineData("Task<int> {|CS0501:{|CTR001:RunAsync|}|}();", "private partial Task<int> RunAsync();")]
    [InlineData("void {|CS0501:{|CTR001:Run|}|}();", "partial void Run();")]
    public Task Method_without_a_body(string before, string after)
    {
        const string Head = "public sealed partial class Notes\n{\n    private static readonly RoutedDataSource Db = null!;\n\n    [ReadQuery(\"select 1\")]\n    ";
        return Fixed(Head + before + "\n}\n", Head + after + "\n}\n");
    }

    [Fact]
    public Task Method_and_its_types() => Fixed(
        """
        public sealed class {|CTR001:Notes|}(RoutedDataSource db)
        {
            [ReadQuery("select 1")]
            public Task<int> {|CS0501:{|CTR001:OneAsync|}|}();

            [ReadQuery("select 2")]
            public Task<int> {|CS0501:{|CTR001:TwoAsync|}|}();
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select 1")]
            public partial Task<int> OneAsync();

            [ReadQuery("select 2")]
            public partial Task<int> TwoAsync();
        }
        """);

    [Fact]
    public Task All_of_all_files() => new FixTest<RoutedMethodAnalyzer, NotPartialFixProvider>()
        .File(
            "class {|CTR001:Notes|}(RoutedDataSource db) { [ReadQuery] public static void Run(NpgsqlConnection connection) { } }\n",
            "partial class Notes(RoutedDataSource db) { [ReadQuery] public static void Run(NpgsqlConnection connection) { } }\n")
        .File(
            "class {|CTR001:Tags|}(RoutedDataSource db) { [WriteCommand] public static void Run(NpgsqlConnection connection) { } }\n",
            "partial class Tags(RoutedDataSource db) { [WriteCommand] public static void Run(NpgsqlConnection connection) { } }\n")
        .RunAsync();

    private static Task Fixed(string before, string after) => new FixTest<RoutedMethodAnalyzer, NotPartialFixProvider>().File(before, after).RunAsync();
}
