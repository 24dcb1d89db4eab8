namespace CompileTimeRouting.Package;

/// <summary>The fixes as a user runs them on a whole project: with <c>dotnet format</c>, which takes them from the package.</summary>
public sealed class FormatTests(PackedPackage package)
{
    private const string Notes = """"
        using CompileTimeRouting;
        using Npgsql;

        namespace Consumer.Data;

        /// <summary>Notes, and what is written on them.</summary>
        internal sealed partial class Notes(RoutedDataSource db)
        {
            /// <summary>Removes all.</summary>
            [ReadQuery("delete from notes", Group = "reports")] // every night
            public partial Task<int> ClearAsync(CancellationToken ct = default);

            [Obsolete("Lock less."), ReadQueryAttribute("""
                select body
                from notes
                for update of notes skip locked
                """, Consistency = ReadConsistency.Strong)]
            public partial Task<List<string>> LockAsync();

            [WriteCommand(SerializationRetries = 2)]
            public static int Move(NpgsqlConnection connection) => connection.Port;

            [ReadQuery, WriteCommand(Transaction = true)]
            public static int Run(NpgsqlConnection connection) => connection.Port;

            [ReadQuery("select body from notes")]
            public partial Task<List<string>> ListAsync();
        }

        internal static class Journals
        {
            internal sealed class Journal(RoutedDataSource db)
            {
                [ReadQuery]
                public static int Port(NpgsqlConnection connection) => connection.Port;
            }
        }

        """";

    private const string FixedNotes = """"
        using CompileTimeRouting;
        using Npgsql;

        namespace Consumer.Data;

        /// <summary>Notes, and what is written on them.</summary>
        internal sealed partial class Notes(RoutedDataSource db)
        {
            /// <summary>Removes all.</summary>
            [WriteCommand("delete from notes")] // every night
            public partial Task<int> ClearAsync(CancellationToken ct = default);

            [Obsolete("Lock less."), WriteCommandAttribute("""
                select body
                from notes
                for update of notes skip locked
                """)]
            public partial Task<List<string>> LockAsync();

            [WriteCommand(SerializationRetries = 2, Transaction = true)]
            public static int Move(NpgsqlConnection connection) => connection.Port;

            [WriteCommand(Transaction = true)]
            public static int Run(NpgsqlConnection connection) => connection.Port;

            [ReadQuery("select body from notes")]
            public partial Task<List<string>> ListAsync();
        }

        internal static partial class Journals
        {
            internal sealed partial class Journal(RoutedDataSource db)
            {
                [ReadQuery]
                public static int Port(NpgsqlConnection connection) => connection.Port;
            }
        }

        """";

    private const string Counters = "using CompileTimeRouting;\r\n\r\ninternal sealed partial class Counters(RoutedDataSource db)\r\n{\r\n\t[ReadQuery(\"select nextval('counter')\")]\r\n\tpublic partial Task<long> NextAsync();\r\n\r\n\t[ReadQuery(\"listen counter\")]\r\n\tpublic partial Task ListenAsync();\r\n}\r\n";

    private const string FixedCounters = "using CompileTimeRouting;\r\n\r\ninternal sealed partial class Counters(RoutedDataSource db)\r\n{\r\n\t[WriteCommand(\"select nextval('counter')\")]\r\n\tpublic partial Task<long> NextAsync();\r\n\r\n\t[WriteCommand(\"listen counter\")]\r\n\tpublic partial Task ListenAsync();\r\n}\r\n";

    private static readonly string[] Rules = ["CTR001", "CTR008", "CTR101", "CTR102", "CTR103", "CTR107"];

    [Fact]
    public async Task Dotnet_format_fixes_a_whole_project_which_then_builds()
    {
        var ct = TestContext.Current.CancellationToken;
        var project = package.CreateConsumer("format");
        var folder = Path.GetDirectoryName(project)!;
        Directory.CreateDirectory(Path.Combine(folder, "Data"));
        var (notes, counters) = (Path.Combine(folder, "Data", "Notes.cs"), Path.Combine(folder, "Counters.cs"));
        await File.WriteAllTextAsync(notes, Notes, ct);
        await File.WriteAllTextAsync(counters, Counters, ct);
        var program = await File.ReadAllTextAsync(Path.Combine(folder, "Program.cs"), ct);
        await package.RunAsync("dotnet", ["restore", project]);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => package.RunAsync("dotnet", ["build", project, "--no-restore", "-v:m", "-nologo"]));
        Assert.All(Rules, rule => Assert.Contains("error " + rule, failure.Message, StringComparison.Ordinal));
        Assert.Contains("error CTR016", failure.Message, StringComparison.Ordinal);

        string[] format = ["format", "analyzers", project, "--no-restore", "--severity", "info", "--diagnostics", .. Rules, "CTR016"];
        await package.RunAsync("dotnet", format);

        Assert.Equal(FixedNotes, await File.ReadAllTextAsync(notes, ct));
        Assert.Equal(FixedCounters, await File.ReadAllTextAsync(counters, ct));
        Assert.Equal(program, await File.ReadAllTextAsync(Path.Combine(folder, "Program.cs"), ct));
        await package.RunAsync("dotnet", ["build", project, "--no-restore", "-v:m", "-nologo"]);
        await package.RunAsync("dotnet", [.. format, "--verify-no-changes"]);
    }

    [Fact]
    public async Task Dotnet_format_raises_the_consistency_of_reads()
    {
        var ct = TestContext.Current.CancellationToken;
        var project = package.CreateConsumer("consistency");
        var stock = Path.Combine(Path.GetDirectoryName(project)!, "Stock.cs");
        await File.WriteAllTextAsync(stock, Stock("", "", ", MaxLagSeconds = 2"), ct);
        await package.RunAsync("dotnet", ["restore", project]);

        string[] format = ["format", "analyzers", project, "--no-restore", "--severity", "warn", "--diagnostics", "CTR201", "CTR202"];
        await AssertFixesAsync(
            format, stock, Stock(", Consistency = ReadConsistency.ReadYourWrites", ", Consistency = ReadConsistency.Strong", ""),
            ["build", project, "--no-restore", "-v:m", "-nologo", "-warnaserror:CTR201,CTR202"]);
    }

    [Fact]
    public async Task Dotnet_format_marks_methods_by_what_their_bodies_do()
    {
        var ct = TestContext.Current.CancellationToken;
        var project = package.CreateConsumer("bodies");
        var pages = Path.Combine(Path.GetDirectoryName(project)!, "Pages.cs");
        await File.WriteAllTextAsync(pages, Pages("ReadQuery", "", "", ""), ct);
        await package.RunAsync("dotnet", ["restore", project]);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => package.RunAsync("dotnet", ["build", project, "--no-restore", "-v:m", "-nologo"]));
        string[] rules = ["CTR104", "CTR105", "CTR106"];
        Assert.All(rules, rule => Assert.Contains("error " + rule, failure.Message, StringComparison.Ordinal));

        string[] format = ["format", "analyzers", project, "--no-restore", "--severity", "info", "--diagnostics", .. rules, "CTR302"];
        await AssertFixesAsync(format, pages, Pages("WriteCommand", "partial ", "[ReadQuery]\n    ", "[WriteCommand]\n    "), ["build", project, "--no-restore", "-v:m", "-nologo"]);
    }

    // All of it at once: what is fixed builds, and leaves nothing to fix.
    private async Task AssertFixesAsync(string[] format, string file, string fixedText, string[] build)
    {
        await package.RunAsync("dotnet", format);
        Assert.Equal(fixedText, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        await package.RunAsync("dotnet", build);
        await package.RunAsync("dotnet", [.. format, "--verify-no-changes"]);
    }

    private static string Pages(string writes, string partial, string reads, string marks) =>
        $$"""
        #pragma warning disable IL2026 // What is updated is never trimmed here.
        using System.Data;
        using CompileTimeRouting;
        using Npgsql;

        internal sealed partial class Pages(RoutedDataSource db)
        {
            [{{writes}}]
            public partial Task<int> RenameAsync(DataTable changes);

            private static Task<int> RenameAsync(NpgsqlConnection connection, DataTable changes)
            {
                using var adapter = new NpgsqlDataAdapter("select id, body from pages", connection);
                return Task.FromResult(adapter.Update(changes));
            }

            [{{writes}}]
            public static Task OpenAsync(NpgsqlConnection connection, CancellationToken ct) => TouchAsync(connection, ct);

            [{{writes}}]
            public partial Task<int> CountAsync();

            private async Task<int> CountAsync(NpgsqlConnection connection) => connection.Port + await TrimAsync();

            [WriteCommand("delete from pages where body = ''")]
            public partial Task<int> TrimAsync();

            private static async Task TouchAsync(NpgsqlConnection connection, CancellationToken ct)
            {
                await using var command = new NpgsqlCommand("update pages set seen = now()", connection);
                await command.ExecuteNonQueryAsync(ct);
            }
        }

        internal sealed {{partial}}class Shelves(RoutedDataSource db)
        {
            {{reads}}public static async Task<object?> TitleAsync(NpgsqlConnection connection, CancellationToken ct)
            {
                await using var command = new NpgsqlCommand("select title from shelves", connection);
                return await command.ExecuteScalarAsync(ct);
            }

            {{marks}}public static async Task EmptyAsync(NpgsqlConnection connection, CancellationToken ct)
            {
                await using var command = new NpgsqlCommand("delete from shelves", connection);
                await command.ExecuteNonQueryAsync(ct);
            }
        }

        """;

    private static string Stock(string list, string count, string bound) =>
        $$"""
        using CompileTimeRouting;

        internal sealed partial class Stock(RoutedDataSource db)
        {
            [ReadQuery("select name from items where rest > 0"{{(bound.Length > 0 ? ", Consistency = ReadConsistency.BoundedStaleness" + bound : list)}})]
            public partial Task<List<string>> ListAsync();

            [ReadQuery("select rest from items where id = @id"{{count}})]
            public partial Task<int> LeftAsync(long id);

            [WriteCommand("update items set rest = @rest where id = @id")]
            public partial Task<int> SetAsync(long id, int rest);

            public async Task<List<string>> TakeAsync(long id)
            {
                var left = await LeftAsync(id);
                await SetAsync(id, left - 1);
                return await ListAsync();
            }
        }

        """;
}
