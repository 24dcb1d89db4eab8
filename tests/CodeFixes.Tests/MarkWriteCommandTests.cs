using CompileTimeRouting.Analyzers;

namespace CompileTimeRouting.CodeFixes.Tests;

public class MarkWriteCommandTests
{
    [Theory]
    [InlineData("ReadQuery(\"{|CTR101:delete|} from notes\")", "WriteCommand(\"delete from notes\")")]
    [InlineData("ReadQuery(\"select 1 from notes {|CTR102:for update|}\")", "WriteCommand(\"select 1 from notes for update\")")]
    [InlineData("ReadQuery(\"select {|CTR103:nextval|}('n')::int\")", "WriteCommand(\"select nextval('n')::int\")")]
    [InlineData("ReadQuery(\"{|CTR107:listen|} notes\")", "WriteCommand(\"listen notes\")")]
    public Task Each_rule_on_sql(string before, string after) => Sql(before, after);

    [Theory]
    [InlineData("ReadQueryAttribute(\"{|CTR101:delete|} from notes\")", "WriteCommandAttribute(\"delete from notes\")")]
    [InlineData("CompileTimeRouting.ReadQuery(\"{|CTR101:delete|} from notes\")", "CompileTimeRouting.WriteCommand(\"delete from notes\")")]
    [InlineData("global::CompileTimeRouting.ReadQueryAttribute(\"{|CTR101:delete|} from notes\")", "global::CompileTimeRouting.WriteCommandAttribute(\"delete from notes\")")]
    [InlineData("Routing.ReadQuery(\"{|CTR101:delete|} from notes\")", "Routing.WriteCommand(\"delete from notes\")")]
    [InlineData("Routing::ReadQuery(\"{|CTR101:delete|} from notes\")", "Routing::WriteCommand(\"delete from notes\")")]
    [InlineData("Read(\"{|CTR101:delete|} from notes\")", "WriteCommand(\"delete from notes\")")]
    [InlineData("method: ReadQuery(\"{|CTR101:delete|} from notes\")", "method: WriteCommand(\"delete from notes\")")]
    [InlineData("Obsolete, ReadQuery(\"{|CTR101:delete|} from notes\"), MyOwn", "Obsolete, WriteCommand(\"delete from notes\"), MyOwn")]
    [InlineData("ReadQuery(sql: \"{|CTR101:delete|} from notes\")", "WriteCommand(sql: \"delete from notes\")")]
    [InlineData("ReadQuery(@\"{|CTR101:delete|} from notes\")", "WriteCommand(@\"delete from notes\")")]
    [InlineData("/* a */ ReadQuery /* b */ (\"{|CTR101:delete|} from notes\" /* c */) /* d */", "/* a */ WriteCommand /* b */ (\"delete from notes\" /* c */) /* d */")]
    public Task Each_way_to_write_the_attribute(string before, string after) => Sql(before, after);

    [Theory]
    [InlineData("ReadQuery(\"{|CTR101:delete|} from notes\", Consistency = ReadConsistency.Strong)", "WriteCommand(\"delete from notes\")")]
    [InlineData("ReadQuery(\"{|CTR101:delete|} from notes\", Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 2)", "WriteCommand(\"delete from notes\")")]
    [InlineData("ReadQuery(\"{|CTR101:delete|} from notes\", Group = \"reports\")", "WriteCommand(\"delete from notes\")")]
    public Task Arguments_that_only_a_read_has_go(string before, string after) => Sql(before, after);

    [Fact]
    public Task Parentheses_go_with_their_last_argument() => Marked(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery(Group = "reports")]
            public static void Run(NpgsqlConnection connection) => connection./*CTR104*/{|CTR104:Execute|}("delete from notes");
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public static void Run(NpgsqlConnection connection) => connection./*CTR104*/Execute("delete from notes");
        }
        """);

    [Fact]
    public Task Lines_of_an_attribute_keep_their_layout() => new FixTest<RoutedMethodAnalyzer, WriteInReadFixProvider>().File(
        """"
        public sealed partial class Notes(RoutedDataSource db)
        {
            /// <summary>Removes notes.</summary>
            // Every night.
            [ReadQuery(
                """
                {|CTR101:delete|}   from notes   -- all
                where body is null
                """, // the SQL
                Group = "reports", // the group
                MaxLagSeconds = 1,
                Consistency = ReadConsistency.BoundedStaleness)] // done
            public partial Task<int> RunAsync();
        }
        """",
        """"
        public sealed partial class Notes(RoutedDataSource db)
        {
            /// <summary>Removes notes.</summary>
            // Every night.
            [WriteCommand(
                """
                delete   from notes   -- all
                where body is null
                """)] // done
            public partial Task<int> RunAsync();
        }
        """").RunAsync();

    [Fact]
    public Task Lines_that_end_in_carriage_returns_stay() => new FixTest<RoutedMethodAnalyzer, WriteInReadFixProvider>().File(
        "public sealed partial class Notes(RoutedDataSource db)\r\n{\r\n    [ReadQuery(\"{|CTR101:delete|} from notes\",\r\n        Group = \"a\")]\r\n    public partial Task<int> RunAsync();\r\n}\r\n",
        "public sealed partial class Notes(RoutedDataSource db)\r\n{\r\n    [WriteCommand(\"delete from notes\")]\r\n    public partial Task<int> RunAsync();\r\n}\r\n").RunAsync();

    [Fact]
    public Task Several_words_of_one_method() => new FixTest<RoutedMethodAnalyzer, WriteInReadFixProvider> { NumberOfFixAllIterations = 1, NumberOfIncrementalIterations = 1 }.File(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("with a as ({|CTR101:insert|} into notes values ({|CTR103:nextval|}('n')) returning id) select id from a")]
            public partial Task<long> RunAsync();
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("with a as (insert into notes values (nextval('n')) returning id) select id from a")]
            public partial Task<long> RunAsync();
        }
        """).RunAsync();

    [Fact]
    public Task All_methods_of_all_files() => new FixTest<RoutedMethodAnalyzer, WriteInReadFixProvider>()
        .File(
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery("{|CTR101:delete|} from notes")] public partial Task<int> ClearAsync();
                [ReadQuery("select 1")] public partial Task<int> OneAsync();
                [ReadQuery("{|CTR101:truncate|} notes")] public partial Task TruncateAsync();
            }
            """,
            """
            public sealed partial class Notes(RoutedDataSource db)
            {
                [WriteCommand("delete from notes")] public partial Task<int> ClearAsync();
                [ReadQuery("select 1")] public partial Task<int> OneAsync();
                [WriteCommand("truncate notes")] public partial Task TruncateAsync();
            }
            """)
        .File(
            """
            public sealed partial class Tags(RoutedDataSource db)
            {
                [ReadQuery("{|CTR101:delete|} from tags")] public partial Task<int> ClearAsync();
            }
            """,
            """
            public sealed partial class Tags(RoutedDataSource db)
            {
                [WriteCommand("delete from tags")] public partial Task<int> ClearAsync();
            }
            """)
        .RunAsync();

    [Theory]
    [InlineData("CTR101")]
    [InlineData("CTR102")]
    [InlineData("CTR103")]
    [InlineData("CTR104")]
    [InlineData("CTR105")]
    [InlineData("CTR106")]
    [InlineData("CTR107")]
    [InlineData("CTR109")]
    public Task Each_rule_in_the_body_of_the_method_itself(string rule) => Marked(
        $$"""
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void Run(NpgsqlConnection connection)
            {
                if (connection.Port > 0)
                    Array.ForEach([1], i => connection./*{{rule}}*/{|{{rule}}:Execute|}("delete from notes"));
            }
        }
        """,
        $$"""
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public static void Run(NpgsqlConnection connection)
            {
                if (connection.Port > 0)
                    Array.ForEach([1], i => connection./*{{rule}}*/Execute("delete from notes"));
            }
        }
        """);

    [Fact]
    public Task In_the_core_of_a_declared_shim() => Marked(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery(Group = "reports")]
            public partial Task<int> RunAsync(int id);

            private static Task<int> RunAsync(NpgsqlConnection connection, int id) => connection./*CTR104*/{|CTR104:ExecuteAsync|}("delete from notes");
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public partial Task<int> RunAsync(int id);

            private static Task<int> RunAsync(NpgsqlConnection connection, int id) => connection./*CTR104*/ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task In_the_core_of_a_shim_of_another_file() => new FixTest<MarkerAnalyzer, WriteInReadFixProvider>()
        .File(
            "public sealed partial class Notes(RoutedDataSource db)\n{\n    [ReadQuery]\n    public partial Task<int> RunAsync(int id);\n}\n",
            "public sealed partial class Notes(RoutedDataSource db)\n{\n    [WriteCommand]\n    public partial Task<int> RunAsync(int id);\n}\n")
        .File(
            "public partial class Notes\n{\n    private static Task<int> RunAsync(NpgsqlConnection connection, int id) => connection./*CTR105*/{|CTR105:ExecuteAsync|}(\"delete from notes\");\n}\n",
            "public partial class Notes\n{\n    private static Task<int> RunAsync(NpgsqlConnection connection, int id) => connection./*CTR105*/ExecuteAsync(\"delete from notes\");\n}\n")
        .RunAsync();

    [Fact]
    public Task In_the_core_of_a_base_class() => Marked(
        """
        public abstract class Store<T>
        {
            protected static Task<int> RunAsync(NpgsqlConnection connection, T id) => connection./*CTR104*/{|CTR104:ExecuteAsync|}("delete from notes");
        }

        public sealed partial class Notes(RoutedDataSource db) : Store<int>
        {
            [ReadQuery]
            public partial Task<int> RunAsync(int id);
        }
        """,
        """
        public abstract class Store<T>
        {
            protected static Task<int> RunAsync(NpgsqlConnection connection, T id) => connection./*CTR104*/ExecuteAsync("delete from notes");
        }

        public sealed partial class Notes(RoutedDataSource db) : Store<int>
        {
            [WriteCommand]
            public partial Task<int> RunAsync(int id);
        }
        """);

    [Fact]
    public Task Of_several_shims_of_a_name_the_one_with_this_core() => Marked(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> RunAsync(string body);

            [ReadQuery]
            public partial Task<int> RunAsync(int id);

            private static Task<int> RunAsync(NpgsqlConnection connection, string body) => Task.FromResult(1);

            private static Task<int> RunAsync(NpgsqlConnection connection, int id) => connection.ExecuteAsync(/*CTR101*/{|CTR101:"delete from notes"|});
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> RunAsync(string body);

            [WriteCommand]
            public partial Task<int> RunAsync(int id);

            private static Task<int> RunAsync(NpgsqlConnection connection, string body) => Task.FromResult(1);

            private static Task<int> RunAsync(NpgsqlConnection connection, int id) => connection.ExecuteAsync(/*CTR101*/{|CTR101:"delete from notes"|});
        }
        """);

    [Fact]
    public Task On_the_implementing_half_of_a_partial_method() => Marked(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            public static partial void Run(NpgsqlConnection connection);

            [ReadQuery]
            public static partial void Run(NpgsqlConnection connection) => connection./*CTR104*/{|CTR104:Execute|}("delete from notes");
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            public static partial void Run(NpgsqlConnection connection);

            [WriteCommand]
            public static partial void Run(NpgsqlConnection connection) => connection./*CTR104*/Execute("delete from notes");
        }
        """);

    [Fact]
    public Task On_the_defining_half_of_a_partial_method() => Marked(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static partial void Run(NpgsqlConnection connection);

            public static partial void Run(NpgsqlConnection connection) => connection./*CTR104*/{|CTR104:Execute|}("delete from notes");
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public static partial void Run(NpgsqlConnection connection);

            public static partial void Run(NpgsqlConnection connection) => connection./*CTR104*/Execute("delete from notes");
        }
        """);

    [Fact]
    public Task In_a_local_function_of_the_method() => Marked(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void Run(NpgsqlConnection connection)
            {
                Clear();

                void Clear() => connection./*CTR104*/{|CTR104:Execute|}("delete from notes");
            }
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public static void Run(NpgsqlConnection connection)
            {
                Clear();

                void Clear() => connection./*CTR104*/Execute("delete from notes");
            }
        }
        """);

    [Fact]
    public Task Attribute_of_a_local_function() => Marked(
        """
        public static class Notes
        {
            public static void Run(NpgsqlConnection connection)
            {
                Clear();

                [ReadQuery]
                void Clear() => connection./*CTR104*/{|CTR104:Execute|}("delete from notes");
            }
        }
        """,
        """
        public static class Notes
        {
            public static void Run(NpgsqlConnection connection)
            {
                Clear();

                [WriteCommand]
                void Clear() => connection./*CTR104*/Execute("delete from notes");
            }
        }
        """);

    [Fact]
    public Task Attribute_of_the_short_name_that_means_another_one() => Marked(
        """
        public sealed class WriteCommandAttribute : Attribute;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static void Run(NpgsqlConnection connection) => connection./*CTR104*/{|CTR104:Execute|}("delete from notes");
        }
        """,
        """
        public sealed class WriteCommandAttribute : Attribute;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [global::CompileTimeRouting.WriteCommand]
            public static void Run(NpgsqlConnection connection) => connection./*CTR104*/Execute("delete from notes");
        }
        """);

    [Fact]
    public Task Not_offered_for_a_method_with_both_attributes() => NotOffered(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery, WriteCommand]
            public static void Run(NpgsqlConnection connection) => connection./*CTR104*/{|CTR104:Execute|}("delete from notes");
        }
        """);

    private static Task Sql(string before, string after)
    {
        const string Head = "using Routing = CompileTimeRouting; using Read = CompileTimeRouting.ReadQueryAttribute;\nsealed class MyOwn : Attribute;\npublic sealed partial class Notes(RoutedDataSource db)\n{\n    [";
        const string Tail = "]\n    public partial Task<int> RunAsync();\n}\n";
        return new FixTest<RoutedMethodAnalyzer, WriteInReadFixProvider>().File(Head + before + Tail, Head + after + Tail).RunAsync();
    }

    private static Task Marked(string before, string after) => new FixTest<MarkerAnalyzer, WriteInReadFixProvider>().File(before, after).RunAsync();

    private static Task NotOffered(string source) => new FixTest<MarkerAnalyzer, WriteInReadFixProvider>().File(source, source).RunAsync();
}
