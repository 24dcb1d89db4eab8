namespace CompileTimeRouting.CodeFixes.Tests;

public class ExtractWriteTests
{
    private const int SecondAction = 1;

    [Fact]
    public Task Awaited_call_of_an_overload_core() => Fixed(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            /// <summary>Finds.</summary>
            [ReadQuery]
            public static async Task<int> FindAsync(NpgsqlConnection connection, string word, CancellationToken ct)
            {
                // Remembers the word.
                await connection.ExecuteAsync(/*CTR101*/{|CTR101:"insert into searches values (@word)"|}, new { word }).ConfigureAwait(false); // always
                return await connection.ExecuteScalarAsync<int>("select 1");
            }

            private int Other => 1;
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            /// <summary>Finds.</summary>
            [ReadQuery]
            public static async Task<int> FindAsync(NpgsqlConnection connection, string word, CancellationToken ct)
            {
                // Remembers the word.
                await FindWriteAsync(connection, word).ConfigureAwait(false); // always
                return await connection.ExecuteScalarAsync<int>("select 1");
            }

            [WriteCommand]
            public static async Task FindWriteAsync(NpgsqlConnection connection, string word) =>
                await connection.ExecuteAsync(/*CTR101*/"insert into searches values (@word)", new { word }).ConfigureAwait(false);

            private int Other => 1;
        }
        """);

    [Fact]
    public Task Blocking_call_in_the_core_of_a_declared_shim() => Fixed(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial int Find(string? word);

            private int Find(NpgsqlConnection connection, string? word)
            {
                var now = DateTime.UtcNow;
                if (word is not null)
                {
                    connection.Execute(
                        /*CTR104*/{|CTR104:"insert into searches values (@word, @now)"|},
                        new { word = word.Trim(), now, Depth });
                }

                return 1;
            }

            private int Depth => 1;
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public partial int Find(string? word);

            private int Find(NpgsqlConnection connection, string? word)
            {
                var now = DateTime.UtcNow;
                if (word is not null)
                {
                    FindWrite(connection, word, now);
                }

                return 1;
            }

            [WriteCommand]
            private void FindWrite(NpgsqlConnection connection, string word, DateTime now) =>
                connection.Execute(
                        /*CTR104*/"insert into searches values (@word, @now)",
                        new { word = word.Trim(), now, Depth });

            private int Depth => 1;
        }
        """);

    [Fact]
    public Task Several_statements_of_one_method_get_names_of_their_own() => Fixed(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int Find(NpgsqlConnection connection, Guid @class)
            {
                connection.Execute(/*CTR101*/{|CTR101:"delete from searches"|});
                connection.Execute(/*CTR101*/{|CTR101:"insert into searches values (@class)"|}, new { @class });
                return 1;
            }

            private static void FindWrite() { }
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int Find(NpgsqlConnection connection, Guid @class)
            {
                FindWrite2(connection);
                FindWrite3(connection, @class);
                return 1;
            }

            [WriteCommand]
            public static void FindWrite2(NpgsqlConnection connection) =>
                connection.Execute(/*CTR101*/"delete from searches");

            [WriteCommand]
            public static void FindWrite3(NpgsqlConnection connection, Guid @class) =>
                connection.Execute(/*CTR101*/"insert into searches values (@class)", new { @class });

            private static void FindWrite() { }
        }
        """,
        iterations: 2,
        oneByOne: """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery]
            public static int Find(NpgsqlConnection connection, Guid @class)
            {
                FindWrite2(connection);
                FindWrite3(connection, @class);
                return 1;
            }

            [WriteCommand]
            public static void FindWrite3(NpgsqlConnection connection, Guid @class) =>
                connection.Execute(/*CTR101*/"insert into searches values (@class)", new { @class });

            [WriteCommand]
            public static void FindWrite2(NpgsqlConnection connection) =>
                connection.Execute(/*CTR101*/"delete from searches");

            private static void FindWrite() { }
        }
        """);

    [Fact]
    public Task Layout_of_a_file_with_tabs_and_carriage_returns() => Fixed(
        "partial class Notes(RoutedDataSource db)\r\n{\r\n\t[ReadQuery]\r\n\tpublic static int Find(NpgsqlConnection connection)\r\n\t{\r\n\t\tconnection.Execute(/*CTR103*/{|CTR103:\"select nextval('n')\"|});\r\n\t\treturn 1;\r\n\t}\r\n}\r\n",
        "partial class Notes(RoutedDataSource db)\r\n{\r\n\t[ReadQuery]\r\n\tpublic static int Find(NpgsqlConnection connection)\r\n\t{\r\n\t\tFindWrite(connection);\r\n\t\treturn 1;\r\n\t}\r\n\r\n\t[WriteCommand]\r\n\tpublic static void FindWrite(NpgsqlConnection connection) =>\r\n\t\tconnection.Execute(/*CTR103*/\"select nextval('n')\");\r\n}\r\n");

    // The second action is then none; the first one stays.
    [Theory]
    [InlineData("its value is used", "var n = connection.Execute(/*CTR101*/{|CTR101:\"delete from t\"|}); return n;")]
    [InlineData("it is in a lambda", "Array.ForEach([1], i => { connection.Execute(/*CTR101*/{|CTR101:\"delete from t\"|}); }); return 1;")]
    [InlineData("it is in a local function", "Go(); return 1; void Go() { connection.Execute(/*CTR101*/{|CTR101:\"delete from t\"|}); }")]
    [InlineData("it calls a local function", "connection.Execute(/*CTR101*/{|CTR101:\"delete from t\"|}, Go()); return 1; object? Go() => null;")]
    [InlineData("nobody awaits its task", "connection.ExecuteAsync(/*CTR101*/{|CTR101:\"delete from t\"|}); return 1;")]
    [InlineData("it changes a variable", "var n = 1; connection.Execute(/*CTR101*/{|CTR101:\"delete from t\"|}, n++); return n;")]
    [InlineData("it declares a variable for later", "connection.Execute(/*CTR101*/{|CTR101:\"delete from t\"|}, int.TryParse(\"1\", out var n)); return n;")]
    [InlineData("a variable has no type to write", "var a = new { n = 1 }; connection.Execute(/*CTR101*/{|CTR101:\"delete from t\"|}, a); return 1;")]
    [InlineData("a variable is a constant", "const int N = 1; connection.Execute(/*CTR101*/{|CTR101:\"delete from t\"|}, N); return 1;")]
    [InlineData("a variable belongs to the connection", "using var t = connection.BeginTransaction(); connection.Execute(/*CTR101*/{|CTR101:\"delete from t\"|}, null, t); return 1;")]
    [InlineData("it doesn't use the connection", "using var c = new NpgsqlCommand(\"\", connection); c.CommandText = /*CTR101*/{|CTR101:\"delete from t\"|}; return 1;")]
    [InlineData("it names a type parameter", "connection.Execute(/*CTR101*/{|CTR101:\"delete from t\"|}, default(T)); return 1;")]
    [InlineData("it is checked", "checked { connection.Execute(/*CTR101*/{|CTR101:\"delete from t\"|}); } return 1;")]
    [InlineData("a directive stands in it", "connection.Execute(\n#if A\n#endif\n/*CTR101*/{|CTR101:\"delete from t\"|}); return 1;")]
    public async Task Not_offered_where(string because, string body)
    {
        Assert.NotEmpty(because);
        var source = $"public sealed partial class Notes(RoutedDataSource db)\n{{\n    [ReadQuery]\n    public static int Find<T>(NpgsqlConnection connection, T value) {{ {body} }}\n}}\n";
        await new FixTest<MarkerAnalyzer, WriteInReadFixProvider> { CodeActionIndex = SecondAction }.File(source, source).RunAsync();
    }

    private static Task Fixed(string before, string after, int iterations = 1, string? oneByOne = null)
    {
        var test = new FixTest<MarkerAnalyzer, WriteInReadFixProvider> { CodeActionIndex = SecondAction, NumberOfIncrementalIterations = iterations, NumberOfFixAllIterations = 1 };
        return test.File(before, oneByOne ?? after, allAtOnce: after).RunAsync();
    }
}
