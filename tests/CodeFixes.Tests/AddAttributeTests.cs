namespace CompileTimeRouting.CodeFixes.Tests;

public class AddAttributeTests
{
    [Theory]
    [InlineData("ReadQuery")]
    [InlineData("WriteCommand")]
    public Task As_the_rule_says(string attribute) => Fixed(
        $$"""
        public sealed partial class Notes(RoutedDataSource db)
        {
            public static void /*CTR302:{{attribute}}*/{|CTR302:Run|}(NpgsqlConnection connection) { }
        }
        """,
        $$"""
        public sealed partial class Notes(RoutedDataSource db)
        {
            [{{attribute}}]
            public static void /*CTR302:{{attribute}}*/Run(NpgsqlConnection connection) { }
        }
        """);

    [Fact]
    public Task Documentation_comments_and_attributes_stay() => Fixed(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            #region Runs

            /// <summary>Runs.</summary>
            // Often.
            [Obsolete]
            public static void /*CTR302:ReadQuery*/{|CTR302:Run|}(NpgsqlConnection connection) { } // done

            #endregion
        }
        """,
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            #region Runs

            /// <summary>Runs.</summary>
            // Often.
            [ReadQuery]
            [Obsolete]
            public static void /*CTR302:ReadQuery*/Run(NpgsqlConnection connection) { } // done

            #endregion
        }
        """);

    [Fact]
    public Task Types_become_partial() => Fixed(
        """
        public static class Outer
        {
            public sealed class Notes(RoutedDataSource db)
            {
                public static void /*CTR302:ReadQuery*/{|CTR302:Run|}(NpgsqlConnection connection) { }

                public static void /*CTR302:WriteCommand*/{|CTR302:Go|}(NpgsqlConnection connection) { }
            }
        }
        """,
        """
        public static partial class Outer
        {
            public sealed partial class Notes(RoutedDataSource db)
            {
                [ReadQuery]
                public static void /*CTR302:ReadQuery*/Run(NpgsqlConnection connection) { }

                [WriteCommand]
                public static void /*CTR302:WriteCommand*/Go(NpgsqlConnection connection) { }
            }
        }
        """);

    [Fact]
    public Task On_one_line() => Fixed(
        "class Notes(RoutedDataSource db) { public static void /*CTR302:ReadQuery*/{|CTR302:Run|}(NpgsqlConnection connection) { } }\r\n",
        "partial class Notes(RoutedDataSource db) { [ReadQuery] public static void /*CTR302:ReadQuery*/Run(NpgsqlConnection connection) { } }\r\n");

    [Fact]
    public Task Tabs_and_carriage_returns() => Fixed(
        "partial class Notes(RoutedDataSource db)\r\n{\r\n\tpublic static void /*CTR302:ReadQuery*/{|CTR302:Run|}(NpgsqlConnection connection) { }\r\n}\r\n",
        "partial class Notes(RoutedDataSource db)\r\n{\r\n\t[ReadQuery]\r\n\tpublic static void /*CTR302:ReadQuery*/Run(NpgsqlConnection connection) { }\r\n}\r\n");

    [Fact]
    public Task Whole_project() => new FixTest<MarkerAnalyzer, UnmarkedMethodFixProvider>(withUsing: false)
        .File(Unmarked("Notes", "using Npgsql;\n\n"), Marked("Notes", "using CompileTimeRouting;\nusing Npgsql;\n\n"))
        .File(Unmarked("Tags", ""), Marked("Tags", "using CompileTimeRouting;\n\n"))
        .File(Unmarked("Words", "using CompileTimeRouting;\n"), Marked("Words", "using CompileTimeRouting;\n"))
        .RunAsync();

    [Theory]
    [InlineData("", "using CompileTimeRouting;\n\n")]
    [InlineData("// Licence.\n// More.\n\n", "// Licence.\n// More.\n\nusing CompileTimeRouting;\n\n")]
    [InlineData("// About the class.\n", "using CompileTimeRouting;\n\n// About the class.\n")]
    [InlineData("#nullable enable\n", "#nullable enable\nusing CompileTimeRouting;\n\n")]
    [InlineData("using System;\nusing System.IO;\n\n", "using System;\nusing System.IO;\nusing CompileTimeRouting;\n\n")]
    [InlineData("using System;\nusing Npgsql;\n\n", "using System;\nusing CompileTimeRouting;\nusing Npgsql;\n\n")]
    [InlineData("using Npgsql;\nusing Dapper;\n\n", "using Npgsql;\nusing Dapper;\nusing CompileTimeRouting;\n\n")]
    [InlineData("// Licence.\nusing Npgsql; // driver\n", "// Licence.\nusing CompileTimeRouting;\nusing Npgsql; // driver\n")]
    [InlineData("using System; // base\nusing static System.Math;\nusing N = Npgsql.NpgsqlConnection;\n", "using System;\nusing CompileTimeRouting; // base\nusing static System.Math;\nusing N = Npgsql.NpgsqlConnection;\n")]
    [InlineData("using static System.Math;\n", "using CompileTimeRouting;\nusing static System.Math;\n")]
    [InlineData("global using System.IO;\n", "global using System.IO;\nusing CompileTimeRouting;\n")]
    [InlineData("global using CompileTimeRouting;\n", "global using CompileTimeRouting;\n")]
    [InlineData("using System;\r\nusing Npgsql;\r\n", "using System;\r\nusing CompileTimeRouting;\r\nusing Npgsql;\r\n")]
    [InlineData("namespace App;\n\n", "using CompileTimeRouting;\n\nnamespace App;\n\n")]
    [InlineData("namespace App;\n\nusing Npgsql;\n\n", "namespace App;\n\nusing CompileTimeRouting;\nusing Npgsql;\n\n")]
    [InlineData("namespace CompileTimeRouting;\n", "namespace CompileTimeRouting;\n")]
    public Task Using_directive(string before, string after) =>
        new FixTest<MarkerAnalyzer, UnmarkedMethodFixProvider>(withUsing: false).File(Unmarked("Notes", before), Marked("Notes", after)).RunAsync();

    [Fact]
    public Task Name_that_means_another_attribute() => Fixed(
        """
        sealed class ReadQueryAttribute : Attribute;

        public sealed partial class Notes(RoutedDataSource db)
        {
            public static void /*CTR302:ReadQuery*/{|CTR302:Run|}(NpgsqlConnection connection) { }
        }
        """,
        """
        sealed class ReadQueryAttribute : Attribute;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [global::CompileTimeRouting.ReadQuery]
            public static void /*CTR302:ReadQuery*/Run(NpgsqlConnection connection) { }
        }
        """);

    [Fact]
    public async Task Title_says_what_it_becomes()
    {
        var test = new FixTest<MarkerAnalyzer, UnmarkedMethodFixProvider>
        {
            CodeActionVerifier = static (action, verifier) =>
            {
                verifier.Equal("Mark 'Run' as [ReadQuery]", action.Title);
                verifier.Equal("CompileTimeRouting.AddAttribute", action.EquivalenceKey);
            },
        };
        await test.File(Unmarked("Notes", ""), Marked("Notes", "")).RunAsync();
    }

    [Fact]
    public Task Not_offered_for_a_word_that_is_no_attribute()
    {
        const string Source = "partial class Notes(RoutedDataSource db)\n{\n    public static void /*CTR302:Other*/{|CTR302:Run|}(NpgsqlConnection connection) { }\n}\n";
        return Fixed(Source, Source);
    }

    private static string Unmarked(string type, string head) =>
        $"{head}partial class {type}(global::CompileTimeRouting.RoutedDataSource db)\n{{\n    public static void /*CTR302:ReadQuery*/{{|CTR302:Run|}}(Npgsql.NpgsqlConnection connection) {{ }}\n}}\n";

    private static string Marked(string type, string head) =>
        $"{head}partial class {type}(global::CompileTimeRouting.RoutedDataSource db)\n{{\n    [ReadQuery]{(head.Contains('\r', StringComparison.Ordinal) ? "\r" : "")}\n    public static void /*CTR302:ReadQuery*/Run(Npgsql.NpgsqlConnection connection) {{ }}\n}}\n";

    private static Task Fixed(string before, string after) => new FixTest<MarkerAnalyzer, UnmarkedMethodFixProvider>().File(before, after).RunAsync();
}
