using CompileTimeRouting.Analyzers;

namespace CompileTimeRouting.CodeFixes.Tests;

public class RemoveAttributeTests
{
    private const int KeepWrite = 0;
    private const int KeepRead = 1;

    [Theory]
    [InlineData(KeepWrite, "[ReadQuery, WriteCommand]", "[WriteCommand]")]
    [InlineData(KeepRead, "[ReadQuery, WriteCommand]", "[ReadQuery]")]
    [InlineData(KeepRead, "[WriteCommand(Transaction = true), ReadQuery(Group = \"a\")]", "[ReadQuery(Group = \"a\")]")]
    [InlineData(KeepWrite, "[Obsolete, ReadQuery, WriteCommand]", "[Obsolete, WriteCommand]")]
    [InlineData(KeepRead, "[WriteCommand][ReadQuery]", "[ReadQuery]")]
    [InlineData(KeepWrite, "[WriteCommand] [ReadQuery]", "[WriteCommand]")]
    public Task On_one_line(int action, string before, string after) => Fixed(
        action,
        $$"""
        public sealed partial class Notes(RoutedDataSource db)
        {
            {{before}}
            public static void {|CTR008:Run|}(NpgsqlConnection connection) { }
        }
        """,
        $$"""
        public sealed partial class Notes(RoutedDataSource db)
        {
            {{after}}
            public static void Run(NpgsqlConnection connection) { }
        }
        """);

    [Fact]
    public Task On_a_line_of_its_own_below_the_documentation() => Fixed(
        KeepWrite,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            /// <summary>Runs.</summary>
            // Often.
            [ReadQuery(
                Group = "a")]
            [WriteCommand] // writes
            public static void {|CTR008:Run|}(NpgsqlConnection connection) { }
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            /// <summary>Runs.</summary>
            // Often.
            [WriteCommand] // writes
            public static void Run(NpgsqlConnection connection) { }
        }
        """);

    [Fact]
    public Task Comment_behind_it_stays() => Fixed(
        KeepWrite,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery] // why
            [WriteCommand]
            public static void {|CTR008:Run|}(NpgsqlConnection connection) { }
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            // why
            [WriteCommand]
            public static void Run(NpgsqlConnection connection) { }
        }
        """);

    [Fact]
    public Task On_the_other_half_of_the_method() => Fixed(
        KeepWrite,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public static partial void {|CTR008:Run|}(NpgsqlConnection connection);

            [ReadQuery]
            public static partial void Run(NpgsqlConnection connection) { }
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public static partial void Run(NpgsqlConnection connection);

            public static partial void Run(NpgsqlConnection connection) { }
        }
        """);

    [Theory]
    [InlineData(KeepWrite, "WriteCommand")]
    [InlineData(KeepRead, "ReadQuery")]
    public Task All_of_all_files(int action, string kept) => new FixTest<RoutedMethodAnalyzer, BothAttributesFixProvider> { CodeActionIndex = action }
        .File(
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery, WriteCommand] public static void {|CTR008:Run|}(NpgsqlConnection connection) { }
                [WriteCommand, ReadQuery] public static void {|CTR008:Go|}(NpgsqlConnection connection) { }
            }
            """,
            $$"""
            public sealed partial class Notes(RoutedDataSource db)
            {
                [{{kept}}] public static void Run(NpgsqlConnection connection) { }
                [{{kept}}] public static void Go(NpgsqlConnection connection) { }
            }
            """)
        .File(
            """
            public sealed partial class Tags(RoutedDataSource db)
            {
                [ReadQuery, WriteCommand] public static void {|CTR008:Run|}(NpgsqlConnection connection) { }
            }
            """,
            $$"""
            public sealed partial class Tags(RoutedDataSource db)
            {
                [{{kept}}] public static void Run(NpgsqlConnection connection) { }
            }
            """)
        .RunAsync();

    private static Task Fixed(int action, string before, string after) =>
        new FixTest<RoutedMethodAnalyzer, BothAttributesFixProvider> { CodeActionIndex = action }.File(before, after).RunAsync();
}
