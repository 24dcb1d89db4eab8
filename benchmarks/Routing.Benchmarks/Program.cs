using System.Diagnostics;
using CompileTimeRouting;
using CompileTimeRouting.DevCluster;
using CompileTimeRouting.EntityFrameworkCore;
using CompileTimeRouting.Routing.Benchmarks;
using Microsoft.EntityFrameworkCore;
using Npgsql;

// Method: a primary and two streaming standbys on this machine, over loopback. All candidates of a table run in this process,
// by turns, in rounds of some milliseconds; see Race. Bytes are those of the whole process, the least of all rounds.
const int Rounds = 101;
const int Rows = 10_000;

await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 2 });
await using (var setup = NpgsqlDataSource.Create(cluster.Primary.ConnectionString))
{
    await using var load = setup.CreateCommand(
        "create table customers (id bigint primary key, name text not null, city text not null);" +
        $"insert into customers select i, 'Customer ' || i, 'City ' || i % 10 from generate_series(1, {Rows}) i; analyze customers");
    await load.ExecuteNonQueryAsync();
}

await cluster.WaitUntilCaughtUpAsync();
var (first, second) = (cluster.Replicas[0], cluster.Replicas[1]);
var read = new ReadRoute("Benchmark");
var proved = new ReadRoute("Benchmark", leavesSessionClean: true);

await using var one = Routed(first);
await using var both = Routed(first, second);
await using var plain = NpgsqlDataSource.Create(first.ConnectionString);
await using var prepared = NpgsqlDataSource.Create(first.ConnectionString + ";Max Auto Prepare=200");
var addresses = new NpgsqlConnectionStringBuilder(first.ConnectionString) { Host = $"{first.Host}:{first.Port},{second.Host}:{second.Port}", LoadBalanceHosts = true };
await using var multi = new NpgsqlDataSourceBuilder(addresses.ConnectionString).BuildMultiHost();
await using var standby = multi.WithTargetSession(TargetSessionAttributes.PreferStandby);

Race.Print($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, Npgsql {typeof(NpgsqlConnection).Assembly.GetName().Version?.ToString(3)}, {await VersionAsync()}");

await Race.RunAsync("Opening and giving back a pooled connection, asynchronously", [
    new("NpgsqlDataSource", Repeat(async _ => await (await plain.OpenConnectionAsync()).DisposeAsync())),
    new("NpgsqlMultiHostDataSource, PreferStandby", Repeat(async _ => await (await standby.OpenConnectionAsync()).DisposeAsync())),
    new("RoutedDataSource, reset", Repeat(async _ => await (await both.OpenReadAsync(read)).DisposeAsync())),
    new("RoutedDataSource, proved", Repeat(async _ => await (await both.OpenReadAsync(proved)).DisposeAsync())),
], operations: 10_000, Rounds, nanosecondsPerUnit: 1, "ns");

await Race.RunAsync("The same, blocking", [
    new("NpgsqlDataSource", Block(() => plain.OpenConnection().Dispose())),
    new("NpgsqlMultiHostDataSource, PreferStandby", Block(() => standby.OpenConnection().Dispose())),
    new("RoutedDataSource, reset", Block(() => both.OpenRead(read).Dispose())),
    new("RoutedDataSource, proved", Block(() => both.OpenRead(proved).Dispose())),
], operations: 10_000, Rounds, nanosecondsPerUnit: 1, "ns");

var routed = new RoutedReads(one);
var contexts = CustomerContext.Factory(prepared);
await Race.RunAsync("One row by its key, from one standby", [
    new("by hand, automatic preparation", Repeat(id => HandWritten.FindAsync(prepared, id))),
    new("by hand, unprepared", Repeat(id => HandWritten.FindAsync(plain, id))),
    new("SQL in the attribute", Repeat(id => routed.FindAsync(id))),
    new("core by hand", Repeat(id => routed.FindByCoreAsync(id))),
    new("Dapper, automatic preparation", Repeat(id => ByDapper.FindAsync(prepared, id))),
    new("Dapper.AOT, automatic preparation", Repeat(id => ByDapperAot.FindAsync(prepared, id))),
    new("EF Core, compiled query, automatic preparation", Repeat(id => CustomerContext.FindAsync(contexts, id))),
], operations: 300, Rounds, nanosecondsPerUnit: 1000, "µs");

var lent = new RoutedDbContextFactory<CustomerContext>(one);
await Race.RunAsync("A context of EF Core on an open connection, lent and given back", [
    new("PooledDbContextFactory, OpenConnectionAsync", Repeat(async _ =>
    {
        await using var context = await contexts.CreateDbContextAsync();
        await context.Database.OpenConnectionAsync();
    })),
    new("RoutedDbContextFactory", Repeat(async _ => await (await lent.CreateReadAsync(read)).DisposeAsync())),
], operations: 5_000, Rounds, nanosecondsPerUnit: 1, "ns");

var byContext = new RoutedContextReads(lent);
await Race.RunAsync("One row by its key, by a compiled query of EF Core", [
    new("PooledDbContextFactory", Repeat(id => CustomerContext.FindAsync(contexts, id))),
    new("RoutedDbContextFactory", Repeat(id => byContext.FindAsync(id))),
], operations: 300, Rounds, nanosecondsPerUnit: 1000, "µs");

await using (var admin = NpgsqlDataSource.Create(cluster.Primary.AdminConnectionString))
    await new Sessions(one, admin, Rounds).RunAsync();

await ShareAsync(100_000);
await ScaleAsync();

async Task ShareAsync(int reads)
{
    var counts = new Dictionary<string, int>();
    for (var i = 0; i < reads; i++)
    {
        await using var lease = await both.OpenReadAsync(proved);
        counts[lease.NodeName] = counts.GetValueOrDefault(lease.NodeName) + 1;
    }

    Race.Print($"\nShares of {reads:N0} reads on two equal standbys\n");
    foreach (var (node, count) in counts.OrderBy(static c => c.Key, StringComparer.Ordinal))
        Race.Print($"* {node}: {100.0 * count / reads:0.00} %");

    // The peer is asked which port it took; the pool of each of its hosts is warm.
    var ports = new Dictionary<int, int>();
    for (var i = 0; i < reads; i++)
    {
        await using var connection = await standby.OpenConnectionAsync();
        ports[connection.Port] = ports.GetValueOrDefault(connection.Port) + 1;
    }

    foreach (var (port, count) in ports.OrderByDescending(static c => c.Value))
        Race.Print($"* NpgsqlMultiHostDataSource, {(port == first.Port ? "replica-1" : "replica-2")}: {100.0 * count / reads:0.00} %");
}

// How many openings one and two threads do in the same time.
async Task ScaleAsync()
{
    Race.Print($"\nOpenings per second by one and by two threads\n\n| | 1 | 2 | factor |\n|---|---|---|---|");
    foreach (var (name, open) in new (string, Action)[]
    {
        ("nothing shared", Alone),
        ("NpgsqlDataSource", () => plain.OpenConnection().Dispose()),
        ("RoutedDataSource, reset", () => both.OpenRead(read).Dispose()),
        ("RoutedDataSource, proved", () => both.OpenRead(proved).Dispose()),
    })
    {
        var (alone, together, factors) = (0.0, 0.0, new List<double>());
        for (var round = 0; round < 15; round++)
        {
            var single = await PerSecondAsync(open, 1);
            var pair = await PerSecondAsync(open, 2);
            (alone, together) = (Math.Max(alone, single), Math.Max(together, pair));
            factors.Add(pair / single);
        }

        factors.Sort();
        Race.Print($"| {name} | {alone:N0} | {together:N0} | {factors[factors.Count / 2]:0.00} |");
    }
}

// What the machine gives to two threads that have nothing to do with each other.
static void Alone() => Thread.SpinWait(5);

static async Task<double> PerSecondAsync(Action open, int threads)
{
    const int Operations = 50_000;
    var start = Stopwatch.GetTimestamp();
    await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
        () =>
        {
            for (var i = 0; i < Operations; i++)
                open();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default)));
    return threads * Operations / Stopwatch.GetElapsedTime(start).TotalSeconds;
}

RoutedDataSource Routed(params PostgresNode[] replicas) => RoutedDataSource.Create(new RoutingOptions
{
    Primary = cluster.Primary.ConnectionString,
    Replicas = [.. replicas.Select(static r => new ReplicaOptions { ConnectionString = r.ConnectionString })],
});

async Task<string> VersionAsync()
{
    await using var command = plain.CreateCommand("select 'PostgreSQL ' || current_setting('server_version')");
    return (string)(await command.ExecuteScalarAsync())!;
}

static Func<int, Task> Repeat(Func<long, Task> operation) => async count =>
{
    for (var i = 0; i < count; i++)
        await operation(1 + (i % Rows));
};

static Func<int, Task> Block(Action operation) => count =>
{
    for (var i = 0; i < count; i++)
        operation();
    return Task.CompletedTask;
};
