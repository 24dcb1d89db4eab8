using System.Diagnostics.Metrics;
using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Faults.Injection;
using CompileTimeRouting.Faults.Load;
using CompileTimeRouting.Faults.Reporting;

namespace CompileTimeRouting.Faults;

/// <summary>Failures leave nothing behind.</summary>
public sealed class MemoryTests : IAsyncLifetime
{
    private const int Callers = 64;

    // What ten thousand failures may leave: less than 100 bytes each, so no failure is kept.
    private const long Allowed = 1_000_000;

    // As long as a connect that hangs may take to notice that nobody waits for it: 'Timeout' is a second.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2.5);

    private readonly List<string> _unobserved = [];
    private readonly MeterListener _listener = new();
    private long _failures;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        TaskScheduler.UnobservedTaskException += NoteUnobserved;

        // One for each attempt that fails, whether there was another one or not.
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: RoutingTelemetry.MeterName, Name: "compile_time_routing.retries" })
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, n, _, _) => Interlocked.Add(ref _failures, n));
        _listener.Start();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        TaskScheduler.UnobservedTaskException -= NoteUnobserved;
        _listener.Dispose();
        return default;
    }

    [Fact]
    public async Task Ten_thousand_failures_leave_no_memory_and_no_connection()
    {
        await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 1 }, Ct);
        await cluster.Primary.ExecuteAsAdminAsync(
            "create table ledger (id bigint primary key, body text not null); create table beat (at bigint not null); insert into beat values (1); " +
            "insert into ledger select n, 'an entry' from generate_series(0, 999) n; grant all on ledger, beat to app");
        await cluster.WaitUntilCaughtUpAsync(Ct);
        await using var primary = new BadWay(cluster.Primary);
        await using var replica = new BadWay(cluster.Replicas[0]);

        // Probes find the servers well, so that calls go on to meet what is wrong with the way.
        await using var client = new RoutedClient(RoutedDataSource.Create(new RoutingOptions
        {
            Primary = primary.ConnectionString,
            PrimaryProbe = cluster.Primary.ConnectionString,
            Replicas = [new() { ConnectionString = replica.ConnectionString, Probe = cluster.Replicas[0].ConnectionString }],
            PrimaryReadLimit = 1_000,
        }));
        await client.Db.VerifyAsync(Ct);
        await WorkAsync(client);

        BadWay[] ways = [primary, replica];
        await FailAsync(client, ways, cut: 100, refuse: 300, hang: 50);
        var before = await MemoryAsync();
        var (from, begun) = (Interlocked.Read(ref _failures), DateTime.UtcNow);
        await FailAsync(client, ways, cut: 700, refuse: 9_100, hang: 200);
        var failures = Interlocked.Read(ref _failures) - from;
        var growth = await MemoryAsync() - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{failures} failures in {(DateTime.UtcNow - begun).TotalSeconds:0} s left {growth} bytes.");
        Assert.InRange(failures, 10_000, long.MaxValue);
        Assert.True(growth < Allowed, $"{failures} failures left {growth} bytes.");
        Assert.Null(await Leaks.FindAsync(client.Db));

        // Nothing is used up: it goes on when the way is good again, and stops at once when the servers are gone.
        await WorkAsync(client);
        await Task.WhenAll(cluster.Nodes.Select(static n => n.KillAsync()));
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => CallAsync(client, i)));
        Assert.Null(await Leaks.FindAsync(client.Db));
        await MemoryAsync();
        Assert.True(_unobserved.Count == 0, string.Join('\n', _unobserved));
    }

    private async Task FailAsync(RoutedClient client, BadWay[] ways, int cut, int refuse, int hang)
    {
        await FailAsync(client, ways, WayMode.Cut, cut);
        await FailAsync(client, ways, WayMode.Refuse, refuse);
        await FailAsync(client, ways, WayMode.Hang, hang);
        foreach (var way in ways)
            way.Become(WayMode.Pass);
    }

    private async Task FailAsync(RoutedClient client, BadWay[] ways, WayMode mode, int times)
    {
        foreach (var way in ways)
            way.Become(mode);
        var end = Interlocked.Read(ref _failures) + times;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = caller; Interlocked.Read(ref _failures) < end; i++)
                await CallAsync(client, i);
        })));
    }

    private static async Task CallAsync(RoutedClient client, int i)
    {
        Task call = (i % 4) switch
        {
            0 => client.WriteAsync(1_000 + i, Ct),
            1 => client.StreamAsync(i % 900, 20, Ct),
            _ => client.ReadAsync(i % 900, Ct),
        };
        await Assert.ThrowsAnyAsync<Exception>(() => call);
    }

    // Both nodes are used again within some seconds: what fails calls although probes find it good is out for a while.
    private static async Task WorkAsync(RoutedClient client)
    {
        for (var attempts = 0; ; attempts++)
        {
            try
            {
                await client.ReadAsync(1, Ct);
                await client.WriteAsync(1_000_000 + DateTime.UtcNow.Ticks, Ct);
                return;
            }
            catch (Exception) when (attempts < 100)
            {
                await Task.Delay(50, Ct);
            }
        }
    }

    private static async Task<long> MemoryAsync()
    {
        await Task.Delay(Settling, Ct);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private void NoteUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        lock (_unobserved)
            _unobserved.Add(e.Exception.ToString());
    }
}
