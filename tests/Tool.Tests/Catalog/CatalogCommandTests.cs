using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Sql;
using Npgsql;

namespace CompileTimeRouting.Tool.Tests;

/// <summary><c>ctr catalog</c> and <c>ctr sql classify --catalog</c> as commands.</summary>
public class CatalogCommandTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pulled_catalog_is_checked_and_used()
    {
        await using var cluster = await PostgresCluster.StartAsync(new() { Replicas = 0 }, Ct);
        await using (var primary = NpgsqlDataSource.Create(cluster.Primary.ConnectionString))
        await using (var command = primary.CreateCommand("create schema hidden"))
        {
            await command.ExecuteNonQueryAsync(Ct);
            command.CommandText = "create function book() returns int language plpgsql as 'begin insert into t values (1); return 1; end'";
            await command.ExecuteNonQueryAsync(Ct);
            command.CommandText = "create table hidden.t (id int)";
            await command.ExecuteNonQueryAsync(Ct);
        }

        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "app.routing-catalog.json");
        var pulled = await Ctr.RunAsync("catalog", "pull", "--url", cluster.Primary.ConnectionString, "--out", file);
        Assert.Equal(("", 0), (pulled.Errors, pulled.ExitCode));
        Assert.Equal($"{file}: 1 functions (0 replica, 1 primary, 0 unknown), 1 tables, 0 views, 0 sequences, 0 enums\n", pulled.Output);

        var check = await Ctr.RunAsync("catalog", "check", file);
        Assert.Equal((pulled.Output, 0), (check.Output, check.ExitCode));

        var classified = await Ctr.RunAsync(["sql", "classify", "--ndjson", "--catalog", file], "{\"id\":1,\"sql\":\"select book()\"}");
        Assert.Equal(
            "{\"id\":1,\"route\":\"primary\",\"effects\":[{\"kind\":\"writing-routine\",\"text\":\"book\",\"start\":7,\"length\":4,\"impact\":\"refused\",\"detail\":\"book: INSERT\"}],"
            + "\"reads\":[],\"writes\":[\"hidden.t\"],\"functions\":[\"book\"]}\n",
            classified.Output);

        var toOutput = await Ctr.RunAsync("catalog", "pull", "--url", cluster.Primary.ConnectionString, "--schemas", "hidden");
        Assert.Equal("hidden", Assert.Single(SqlCatalog.Parse(toOutput.Output).Catalog!.Relations).Schema);
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(cluster.Primary.ConnectionString).Password!, toOutput.Output, StringComparison.Ordinal);

        var missing = await Ctr.RunAsync("catalog", "pull", "--url", cluster.Primary.ConnectionString, "--schemas", "hidden,Nope");
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("no schema 'Nope'", missing.Errors, StringComparison.Ordinal);
        Assert.Equal("", missing.Output);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_without_the_password()
    {
        var outcome = await Ctr.RunAsync("catalog", "pull", "--url", "postgresql://app:sesame@127.0.0.1:1/app");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("127.0.0.1:1", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("--url", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_called_as_the_analyzers_look_for_it()
    {
        var outcome = await Ctr.RunAsync("catalog", "pull", "--url", "postgresql://app@127.0.0.1:1/app", "--out", "app.json");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("*.routing-catalog.json", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_catalog_is_told_with_its_place()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "bad.routing-catalog.json");
        await File.WriteAllTextAsync(file, "{\n  \"version\": 1,\n}", Ct);
        var check = await Ctr.RunAsync("catalog", "check", file);
        Assert.Equal(($"{file}(3,1): A name in quotes should stand here\n", 1), (check.Output, check.ExitCode));

        var classify = await Ctr.RunAsync(["sql", "classify", "--catalog", file], "select 1");
        Assert.Equal(("", 2), (classify.Output, classify.ExitCode));
        Assert.Contains("bad.routing-catalog.json(3,1)", classify.Errors, StringComparison.Ordinal);

        var gone = await Ctr.RunAsync("catalog", "check", Path.Combine(folder.Path, "gone.routing-catalog.json"));
        Assert.Equal(2, gone.ExitCode);
    }

    [Fact]
    public void The_example_of_the_documentation_is_a_catalog()
    {
        var page = File.ReadAllText(Path.Combine(Ctr.Repository, "docs", "catalog.md"));
        var start = page.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;
        var json = page[start..page.IndexOf("```", start, StringComparison.Ordinal)].Trim() + "\n";
        var parse = SqlCatalog.Parse(json);
        Assert.Null(parse.Error);
        Assert.Equal(json, Catalog.CatalogWriter.Write(parse.Catalog!));
    }
}
