using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Catalog;
using CompileTimeRouting.Tool.Standby;
using Npgsql;

namespace CompileTimeRouting.Tool.Tests;

/// <summary>
/// A catalog pulled from a standby: what it says of functions, views, rules and policies is what that standby does when
/// they are used, and pulling finds the same on the primary.
/// </summary>
public class CatalogServerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task PostgreSql_15_agrees() => AssertAgreesAsync(15);

    [Fact]
    public Task PostgreSql_18_agrees() => AssertAgreesAsync(18);

    private static async Task AssertAgreesAsync(int version)
    {
        await using var cluster = await PostgresCluster.StartAsync(new() { MajorVersion = version, Replicas = 1 }, Ct);
        await using (var primary = NpgsqlDataSource.Create(cluster.Primary.ConnectionString))
        {
            var schema = CatalogData.Schema;
            foreach (var statement in SqlStatements.Split(schema))
            {
                await using var command = primary.CreateCommand(statement.Text(schema));
                await command.ExecuteNonQueryAsync(Ct);
            }
        }

        await cluster.WaitUntilCaughtUpAsync(Ct);
        var standby = cluster.Replicas[0].ConnectionString;
        var json = await PullAsync(standby);
        Assert.Equal(json, await PullAsync(cluster.Primary.ConnectionString));
        Assert.DoesNotContain("Ada", json, StringComparison.Ordinal);
        var catalog = SqlCatalog.Parse(json).Catalog!;
        Assert.Equal(json, CatalogWriter.Write(catalog));
        AssertContent(catalog);

        var disagreements = new List<string>();
        await using var session = new NpgsqlConnection(standby);
        await session.OpenAsync(Ct);
        foreach (var (served, route, sql) in CatalogData.Calls())
        {
            var error = await RunAsync(session, sql);
            var effects = SqlEffects.Analyze(sql, new SqlEffectOptions { Catalog = catalog, UnknownFunctions = SqlRoute.Unknown });
            var agrees = served ? error is null : error is not null && StandbyJudge.IsRefusal(error.SqlState, error.MessageText);
            if (!agrees || effects.Route != route)
                disagreements.Add($"{sql}\n    scanned {effects.Route}, server: {error?.MessageText ?? "served"}\n    {string.Join("; ", effects.Effects.Select(e => e.Kind + " " + e.Detail))}");
        }

        Assert.True(disagreements.Count == 0, $"PostgreSQL {cluster.ServerVersion}:\n{string.Join('\n', disagreements)}");
    }

    private static void AssertContent(SqlCatalog catalog)
    {
        // The role is called app, and its path is "$user", public.
        Assert.Equal(["app", "public"], catalog.SearchPath);
        Assert.Equal(["sad", "ok", "happy"], Assert.Single(catalog.Enums).Labels);
        var appointments = Relation("app.appointments");
        Assert.Equal(
            ["id bigint True", "customer_id bigint True", "starts_at timestamp with time zone True", "note character varying(200) False"],
            appointments.Columns.Select(c => $"{c.Name} {c.Type} {c.IsNotNull}"));
        Assert.Equal("app.mood", Relation("app.customers").Columns[2].Type);
        // A trigger that is disabled isn't told.
        var trigger = Assert.Single(appointments.Triggers);
        Assert.Equal(("audited", SqlWriteEvents.Insert | SqlWriteEvents.Update, "app.audit_change"), (trigger.Name, trigger.Events, trigger.Function.ToString()));
        Assert.Equal("upcoming,customers,appointments", Names(catalog.Reach(Relation("app.next_ones")).Reads.Skip(1)));
        Assert.Equal("with_subquery,reminders,customers", Names(catalog.Reach(Relation("app.with_subquery")).Reads));
        Assert.Equal("audit.entries", Names(Function("app.pl_inserts").Writes));
        Assert.Equal("app.calls_write", Names(Function("app.calls_deep").Calls));
        Assert.Equal("INSERT", Function("app.pl_inserts").Reason);
        Assert.Equal("app.appointments", Names(Relation("app.reminders").ForeignKeys.Select(k => k.References)));
        Assert.Equal("app.events", Names(Relation("app.events_2026").Parents));
        Assert.Equal("app.animals", Names(Relation("app.dogs").Parents));
        Assert.True(Relation("app.metrics").IsUnlogged);
        Assert.Equal(
            "appointments,audit.entries,reminders",
            Names(catalog.WritesThrough(new SqlObjectName("app", "appointments", 0, 0), SqlWriteEvents.Update).OrderBy(n => n.ToString(), StringComparer.Ordinal)));
        Assert.Equal(
            "audit.entries,redirected,reminders",
            Names(catalog.WritesThrough(new SqlObjectName("app", "redirected", 0, 0), SqlWriteEvents.Insert).OrderBy(n => n.ToString(), StringComparer.Ordinal)));

        SqlCatalogRelation Relation(string name) => Assert.Single(catalog.FindRelations(SqlCatalogWords.Name(name)!.Value));

        SqlCatalogFunction Function(string name) => Assert.Single(catalog.FindFunctions(SqlCatalogWords.Name(name)!.Value));

        static string Names(IEnumerable<SqlObjectName> names) => string.Join(',', names.Select(n => n.ToString()));
    }

    private static async Task<string> PullAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Ct);
        return CatalogWriter.Write(await CatalogPuller.PullAsync(connection, null, Ct));
    }

    private static async Task<PostgresException?> RunAsync(NpgsqlConnection session, string sql)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, session);
            await using var reader = await command.ExecuteReaderAsync(Ct);
            while (await reader.ReadAsync(Ct))
            {
            }

            return null;
        }
        catch (PostgresException e)
        {
            return e;
        }
    }
}
