using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public sealed class ConnectGateTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _accepted = [];
    private readonly Task _accepting;

    public ConnectGateTests()
    {
        _listener.Start(1000);
        _accepting = AcceptAsync();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _accepting.Wait();
        foreach (var socket in _accepted)
            socket.Dispose();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private NodePool Pool(int limit, int timeout = 60) => Pool(new ConnectGate(limit), timeout);

    private NodePool Pool(ConnectGate gate, int timeout) => new("replica-1", NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        Username = "nobody",
        Timeout = timeout,
    }), gate);

    [Fact]
    public void Npgsqls_counts_are_where_they_are_looked_for()
    {
        Assert.True(ConnectGate.IsSupported);
        using var pool = NpgsqlDataSource.Create("Host=nowhere.invalid");
        Assert.Equal(0, ConnectGate.Connections(pool));
        Assert.True(ConnectGate.WillConnect(pool, 1));
        Assert.False(ConnectGate.WillConnect(pool, 0));
    }

    [Fact]
    public async Task A_full_server_is_left_alone_for_a_moment_and_then_asked_by_one_call()
    {
        var gate = new ConnectGate(8);
        Assert.True(gate.MayAsk());
        gate.Refused();
        Assert.Equal((true, false), (gate.IsServerFull, gate.MayAsk()));

        await Waiting.UntilAsync(gate.MayAsk, "somebody may ask");
        Assert.False(gate.MayAsk());
        gate.Refused();
        Assert.False(gate.MayAsk());

        gate.Admitted();
        Assert.Equal((false, true, true), (gate.IsServerFull, gate.MayAsk(), gate.MayAsk()));
    }

    [Fact]
    public async Task No_more_connections_are_made_at_once_than_the_limit_says()
    {
        using var pool = Pool(3);
        var openings = SilentServer.Open(pool, 20, Ct);
        await Waiting.UntilAsync(() => _accepted.Count >= 3, "three are being made");
        await Task.Delay(100, Ct);
        Assert.Equal(3, _accepted.Count);
        Assert.Equal(20, pool.Leases);

        // The node is found down: all who wait leave, and the places are free for its return.
        pool.Abandon(breakLeases: false);
        foreach (var opening in openings)
            await Assert.ThrowsAsync<NodeLostException>(() => opening);
        Assert.Equal(0, pool.Leases);

        using var end = new CancellationTokenSource();
        var again = SilentServer.Open(pool, 1, end.Token);
        await Waiting.UntilAsync(() => _accepted.Count >= 4, "another is being made");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => again[0]);
    }

    [Fact]
    public async Task A_changed_limit_counts_at_once()
    {
        var gate = new ConnectGate(1);
        var place = await gate.EnterAsync(TimeSpan.Zero, Ct);
        await Assert.ThrowsAsync<PoolWaitException>(() => gate.EnterAsync(TimeSpan.Zero, Ct));
        gate.Resize(3);
        for (var i = 0; i < 3; i++)
            await gate.EnterAsync(TimeSpan.Zero, Ct);
        await Assert.ThrowsAsync<PoolWaitException>(() => gate.EnterAsync(TimeSpan.Zero, Ct));
        place.Release();
        await Assert.ThrowsAsync<PoolWaitException>(() => gate.EnterAsync(TimeSpan.Zero, Ct));
        gate.Reset();
        for (var i = 0; i < 3; i++)
            await gate.EnterAsync(TimeSpan.Zero, Ct);
    }

    [Fact]
    public async Task Who_waits_for_a_place_heeds_his_token_and_the_time_out()
    {
        using var pool = Pool(1, timeout: 1);
        var first = SilentServer.Open(pool, 1, Ct)[0];
        await Waiting.UntilAsync(() => !_accepted.IsEmpty, "one is being made");
        using var end = new CancellationTokenSource();
        var cancelled = SilentServer.Open(pool, 1, end.Token)[0];
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        // As long as Npgsql's, whose own attempt times out by then; one that got its place just before says so itself.
        var late = await Assert.ThrowsAnyAsync<NpgsqlException>(() => SilentServer.Open(pool, 1, Ct)[0]);
        Assert.IsType<TimeoutException>(late.InnerException);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => first);
        Assert.Equal(0, pool.Leases);
    }

    [Theory]
    [InlineData(1, 1, 700, nameof(FailureKind.Overload))]
    [InlineData(60, 1, 700, nameof(FailureKind.Overload))]
    [InlineData(3, 60, 100, nameof(FailureKind.Node))]
    [InlineData(60, 3, 100, nameof(FailureKind.Node))]
    public async Task Who_gets_his_place_too_late_to_connect_says_nothing_of_the_node(int timeout, int left, int milliseconds, string kind)
    {
        var gate = new ConnectGate(1);
        using var pool = Pool(gate, timeout);
        var place = await gate.EnterAsync(TimeSpan.Zero, Ct);
        var opening = pool.OpenWithinAsync(TimeSpan.FromSeconds(left), leavesSessionClean: false, Ct).AsTask();
        await Task.Delay(milliseconds, Ct);
        place.Release();
        var late = await Assert.ThrowsAnyAsync<NpgsqlException>(() => opening);
        Assert.Equal(kind, FailureClassifier.ClassifyOpening(late).ToString());
        Assert.Equal(0, pool.Leases);
    }

    [Fact]
    public async Task Who_is_cancelled_while_he_waits_for_a_place_is_cancelled()
    {
        var gate = new ConnectGate(1);
        using var pool = Pool(gate, 60);
        await gate.EnterAsync(TimeSpan.Zero, Ct);
        using var end = new CancellationTokenSource();
        var opening = pool.OpenWithinAsync(TimeSpan.FromSeconds(30), leavesSessionClean: false, end.Token).AsTask();
        await Task.Delay(100, Ct);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Assert.True(opening.IsCanceled);
    }

    [Fact]
    public async Task A_blocking_open_leaves_when_the_node_is_found_down()
    {
        using var pool = Pool(8);
        var opening = Task.Factory.StartNew(() => pool.Open(), Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Waiting.UntilAsync(() => !_accepted.IsEmpty, "one is being made");
        pool.Abandon(breakLeases: false);
        await Assert.ThrowsAsync<NodeLostException>(() => opening);
        Assert.Equal(0, pool.Leases);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _accepted.Add(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
