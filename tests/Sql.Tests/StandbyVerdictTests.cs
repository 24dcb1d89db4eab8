using System.Globalization;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>
/// Each statement of Data/routes.txt, run on a live streaming standby: what the standby says is what the data says, and
/// where the scanner would send it.
/// </summary>
public class StandbyVerdictTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task PostgreSql_15_agrees() => AssertVerdictsAsync(15);

    [Fact]
    public Task PostgreSql_18_agrees() => AssertVerdictsAsync(18);

    private static async Task AssertVerdictsAsync(int version)
    {
        await using var cluster = await PostgresCluster.StartAsync(new() { MajorVersion = version, Replicas = 1 }, Ct);
        await using (var primary = NpgsqlDataSource.Create(cluster.Primary.AdminConnectionString))
        {
            // One by one: Npgsql doesn't split here.
            foreach (var statement in SqlStatements.Split(VerifiedRoutes.Schema))
            {
                await using var command = primary.CreateCommand(statement.Text(VerifiedRoutes.Schema));
                await command.ExecuteNonQueryAsync(Ct);
            }
        }

        await cluster.WaitUntilCaughtUpAsync(Ct);
        await using var standby = new StandbySession(cluster.Replicas[0].AdminConnectionString);
        var disagreements = new List<string>();
        var run = 0;
        foreach (var route in VerifiedRoutes.Read())
        {
            if (route.Since > version)
                continue;
            run++;
            var error = await standby.RunAsync(route.Sql, Ct);
            if (Disagreement(route, error) is { } disagreement)
                disagreements.Add(disagreement);
        }

        Assert.True(await cluster.Replicas[0].IsInRecoveryAsync(Ct), "A statement has ended the recovery of the standby.");
        Assert.True(run >= 400, $"Only {run} statements were run.");
        Assert.True(disagreements.Count == 0, $"{disagreements.Count} of {run} on PostgreSQL {cluster.ServerVersion}:\n{string.Join('\n', disagreements)}");
    }

    private static string? Disagreement(VerifiedRoute route, PostgresException? error)
    {
        var scanned = SqlEffects.Analyze(route.Sql).Route;
        var refused = error is not null && StandbySession.IsRefusal(error);
        var agrees = route.Verdict switch
        {
            "refused" => refused,
            "replica" => error is null,
            // These may fail, too: for want of a transaction, a file, a slot, or of a meaning.
            _ => !refused && error?.SqlState != PostgresErrorCodes.QueryCanceled,
        };
        var safe = scanned == route.Route && !(refused && scanned == SqlRoute.Replica);
        var said = error is null ? "served" : string.Create(CultureInfo.InvariantCulture, $"{error.SqlState} {error.MessageText}");
        return agrees && safe ? null : $"{route.Sql}\n    recorded {route.Verdict}, scanned {scanned}, server: {said}";
    }
}
