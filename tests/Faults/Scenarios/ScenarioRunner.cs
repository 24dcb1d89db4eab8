using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Faults.Injection;
using CompileTimeRouting.Faults.Load;
using CompileTimeRouting.Faults.Reporting;
using Npgsql;

namespace CompileTimeRouting.Faults.Scenarios;

/// <summary>Runs a scenario: both clients under the same load, on the same servers, at the same time.</summary>
internal static class ScenarioRunner
{
    // The pools fill; what is measured as healthy begins later.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(1);

    public static async Task<ScenarioResult> RunAsync(Scenario scenario, PostgresCluster cluster, int seed, bool isLong)
    {
        await PrepareAsync(cluster);
        if (scenario.Prepare is { } prepare)
            await prepare(cluster);

        await using var entrances = await Entrances.OpenAsync(cluster, scenario.BehindPooler, scenario.Connections);
        await using var routed = new RoutedClient(await OpenAsync(scenario, cluster, entrances));
        await using var peer = new MultiHostClient(entrances.ToAll(cluster));
        var clock = new RunClock();
        await using var heartbeat = new Heartbeat(cluster, clock);
        var watch = new NodeWatch(routed.Db, clock);
        var control = new Control(cluster, clock);
        var run = new FaultRun(cluster, [routed, peer], clock, isLong);

        List<(LoadDriver Driver, IReadOnlyList<Operation> Operations)> recorded = [];
        TimeSpan ended;
        LoadDriver[] drivers = [new(routed, clock, scenario.Mix, seed), new(peer, clock, scenario.Mix, seed)];
        try
        {
            await Task.Delay(WarmUp + Healthy);
            await scenario.Act(run);
        }
        finally
        {
            ended = clock.Now;
            recorded.AddRange(await Task.WhenAll(drivers.Select(async d => (d, await d.StopAsync()))));
            await watch.DisposeAsync();
            await control.DisposeAsync();
            foreach (var driver in drivers)
                await driver.DisposeAsync();
        }

        var measured = new Measured(run, WarmUp, ended, watch.Changes, control.Except(run.Sick));
        var columns = new List<ClientResult>();
        foreach (var (driver, operations) in recorded)
            columns.Add(ClientResult.Of(measured, driver.Client.Name, operations, await CountLostAsync(run.Survivor, driver, operations)));
        var leaks = await Leaks.FindAsync(routed.Db);
        if (scenario.Restore is { } restore)
            await restore(cluster);
        return new ScenarioResult(scenario, columns, measured, leaks);
    }

    private static async Task<RoutedDataSource> OpenAsync(Scenario scenario, PostgresCluster cluster, Entrances entrances)
    {
        var options = new RoutingOptions
        {
            Primary = entrances.To(cluster.Primary),
            Replicas = [.. cluster.Replicas.Select(r => new ReplicaOptions { ConnectionString = entrances.To(r) })],
            Pooler = entrances.ArePooled ? Pooler.PgBouncerTransaction : Pooler.None,
        };
        scenario.Routing?.Invoke(options);
        var db = RoutedDataSource.Create(options);
        var found = await db.VerifyAsync();
        return found.IsHealthy ? db : throw new InvalidOperationException($"The cluster is not well before the fault: {string.Join("; ", found.Nodes)}");
    }

    private static async Task PrepareAsync(PostgresCluster cluster)
    {
        await using (var connection = new NpgsqlConnection(cluster.Primary.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(
                $"""
                drop table if exists ledger, beat, churn;
                create table ledger (id bigint primary key, body text not null);
                insert into ledger select n, 'an entry' from generate_series(0, {LoadDriver.SeededRows - 1}) n;
                create table beat (at bigint not null) with (fillfactor = 10);
                insert into beat values (1);
                create table churn (n integer not null);
                insert into churn select n from generate_series(1, 500) n;
                """, connection);
            await command.ExecuteNonQueryAsync();
        }

        await cluster.WaitUntilCaughtUpAsync();
    }

    private static async Task<int> CountLostAsync(PostgresNode survivor, LoadDriver driver, IReadOnlyList<Operation> operations)
    {
        var stored = new HashSet<long>();
        var (first, last) = driver.WriteIds;
        await using var connection = new NpgsqlConnection(survivor.AdminConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select id from ledger where id between $1 and $2", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = first }, new NpgsqlParameter<long> { TypedValue = last } },
        };
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            stored.Add(reader.GetInt64(0));
        return operations.Count(o => !o.IsRead && !o.Failed && !stored.Contains(o.WriteId));
    }
}
