using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using CompileTimeRouting.DevCluster.Processes;
using CompileTimeRouting.DevCluster.Servers;
using Npgsql;

namespace CompileTimeRouting.DevCluster;

/// <summary>
/// One server of a <see cref="PostgresCluster"/>. What it is, primary or standby, the server itself says
/// (<see cref="IsInRecoveryAsync"/>); its name stays what it was at the start.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asked for holds nothing to dispose.")]
public sealed class PostgresNode
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(50);

    private readonly ClusterContext _context;

    // One change of the server's life at a time, whoever asks.
    private readonly SemaphoreSlim _gate = new(1, 1);

    internal PostgresNode(ClusterContext context, INodeServer server, PostgresNode? upstream)
    {
        _context = context;
        Server = server;
        Upstream = upstream;
    }

    /// <summary>"primary", "replica-1", "replica-2" and so on; a standby's <c>application_name</c> in <c>pg_stat_replication</c>.</summary>
    public string Name => Server.Name;

    /// <summary>The address to connect to.</summary>
    public string Host => Server.Host;

    /// <summary>The port to connect to; it stays the same over restarts.</summary>
    public int Port => Server.Port;

    /// <summary>Whether the server runs, is frozen or stopped.</summary>
    public PostgresNodeState State => Server.State;

    /// <summary>The node this one streams from; <see langword="null"/> for the primary and after a promotion.</summary>
    public PostgresNode? Upstream { get; private set; }

    /// <summary>Npgsql's connection string for <see cref="PostgresClusterOptions.UserName"/>, with its password.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = Host,
        Port = Port,
        Database = _context.Options.DatabaseName,
        Username = _context.Options.UserName,
        Password = _context.Password,
    }.ConnectionString;

    /// <summary>The same database as superuser, for what an application's role may not do.</summary>
    public string AdminConnectionString => _context.AdminConnectionString(Server, _context.Options.DatabaseName);

    /// <summary>The connection string as a <c>postgresql://</c> URL, with the password.</summary>
    public string Url => string.Create(
        CultureInfo.InvariantCulture,
        $"postgresql://{Uri.EscapeDataString(_context.Options.UserName)}:{Uri.EscapeDataString(_context.Password)}@{Host}:{Port}/{Uri.EscapeDataString(_context.Options.DatabaseName)}");

    internal INodeServer Server { get; }

    /// <summary>Name, address and state.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Host}:{Port}, {State})");

    /// <summary>Starts the stopped server on the data it has; returns when it answers.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task StartAsync(CancellationToken cancellationToken = default) => ChangeAsync("starting", async token =>
    {
        if (State == PostgresNodeState.Stopped)
            await Server.StartAsync(token).ConfigureAwait(false);
        await WaitUntilAnswersAsync(token).ConfigureAwait(false);
    }, cancellationToken);

    /// <summary>Shuts the server down in good order ("fast": sessions are ended). A frozen one is thawed first.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        ChangeAsync("stopping", Server.StopAsync, cancellationToken);

    /// <summary><see cref="StopAsync"/> (if it runs), then <see cref="StartAsync"/>.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken).ConfigureAwait(false);
        await StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the server as a power cut would: SIGKILL to all its processes. <see cref="StartAsync"/> brings it back.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task KillAsync(CancellationToken cancellationToken = default) =>
        ChangeAsync("killing", Server.KillAsync, cancellationToken);

    /// <summary>Suspends all processes of the server: its port still takes connections, but nothing answers.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task FreezeAsync(CancellationToken cancellationToken = default) => ChangeAsync("freezing", async token =>
    {
        if (State == PostgresNodeState.Stopped)
            throw new PostgresClusterException($"{Name} can't be frozen: it is stopped.");
        if (State == PostgresNodeState.Running)
            await Server.FreezeAsync(token).ConfigureAwait(false);
    }, cancellationToken);

    /// <summary>Lets a frozen server go on.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task ThawAsync(CancellationToken cancellationToken = default) => ChangeAsync("thawing", async token =>
    {
        if (State == PostgresNodeState.Frozen)
            await Server.ThawAsync(token).ConfigureAwait(false);
    }, cancellationToken);

    /// <summary>
    /// Makes this standby a primary on a new timeline; returns when it takes writes. The old primary is not touched:
    /// kill it first, or <see cref="RecloneAsync"/> it from this node afterwards. <see cref="PostgresCluster.Primary"/> stays the old one.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task PromoteAsync(CancellationToken cancellationToken = default) => ChangeAsync("promoting", async token =>
    {
        await ExecuteAsync("select pg_promote(true, 60)", token).ConfigureAwait(false);
        await WaitForAsync("select not pg_is_in_recovery()", "left recovery after its promotion", token).ConfigureAwait(false);
        Upstream = null;
    }, cancellationToken);

    /// <summary>Makes this standby stream from another node, such as one that was promoted, without copying data.</summary>
    /// <param name="source">The node to follow; of the same history as this one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task FollowAsync(PostgresNode source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (ReferenceEquals(source, this))
            throw new ArgumentException("A node can't follow itself.", nameof(source));
        return ChangeAsync($"following {source.Name}:", async token =>
        {
            Upstream = source;
            await ConnectWalReceiverAsync(token).ConfigureAwait(false);
        }, cancellationToken);
    }

    /// <summary>Stops replaying on this standby: it goes on receiving and answering, ever more behind.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task PauseReplayAsync(CancellationToken cancellationToken = default) => ChangeAsync("pausing replay on", async token =>
    {
        await ExecuteAsync("select pg_wal_replay_pause()", token).ConfigureAwait(false);
        await WaitForAsync("select pg_get_wal_replay_pause_state() = 'paused'", "paused its replay", token).ConfigureAwait(false);
    }, cancellationToken);

    /// <summary>Goes on replaying.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task ResumeReplayAsync(CancellationToken cancellationToken = default) => ChangeAsync("resuming replay on", async token =>
    {
        await ExecuteAsync("select pg_wal_replay_resume()", token).ConfigureAwait(false);
        await WaitForAsync("select pg_get_wal_replay_pause_state() = 'not paused'", "resumed its replay", token).ConfigureAwait(false);
    }, cancellationToken);

    /// <summary>Makes this standby replay commits that much later (<c>recovery_min_apply_delay</c>).</summary>
    /// <param name="delay">The delay; zero ends it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task SetApplyDelayAsync(TimeSpan delay, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return ChangeAsync($"delaying replay by {delay} on", async token =>
        {
            var milliseconds = ((long)delay.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            await AlterSystemAsync($"set recovery_min_apply_delay = '{milliseconds}ms'", token).ConfigureAwait(false);
            await WaitForAsync(
                $"select setting = '{milliseconds}' from pg_settings where name = 'recovery_min_apply_delay'",
                "taken the new delay",
                token).ConfigureAwait(false);
        }, cancellationToken);
    }

    /// <summary>Cuts this standby off from its primary: it goes on answering with what it has.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task CutWalReceiverAsync(CancellationToken cancellationToken = default) => ChangeAsync("cutting the WAL receiver of", async token =>
    {
        await AlterSystemAsync("set primary_conninfo = ''", token).ConfigureAwait(false);
        await WaitForAsync("select not exists (select from pg_stat_wal_receiver)", "ended its WAL receiver", token).ConfigureAwait(false);
    }, cancellationToken);

    /// <summary>Connects the standby to its primary again; returns when it streams.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task RestoreWalReceiverAsync(CancellationToken cancellationToken = default) =>
        ChangeAsync("restoring the WAL receiver of", ConnectWalReceiverAsync, cancellationToken);

    /// <summary>Why <see cref="SetClockAsync"/> can't be used on this machine, and what to do; <see langword="null"/> where it can.</summary>
    public static string? WhyClockCannotBeSet => FakeTime.Library is null ? FakeTime.Missing : null;

    /// <summary>
    /// Restarts the server with a clock that is off by that much, also at later starts. By libfaketime, for
    /// <see cref="ClusterBackend.Processes"/>.
    /// </summary>
    /// <param name="offset">How far ahead, or behind where it is negative; zero for the right time.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task SetClockAsync(TimeSpan offset, CancellationToken cancellationToken = default) => ChangeAsync($"moving the clock by {offset} of", async token =>
    {
        Server.ClockOffset = offset;
        await Server.StopAsync(token).ConfigureAwait(false);
        await Server.StartAsync(token).ConfigureAwait(false);
        await WaitUntilAnswersAsync(token).ConfigureAwait(false);
    }, cancellationToken);

    /// <summary>Returns when this standby has replayed all that its upstream has written until now.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task WaitUntilCaughtUpAsync(CancellationToken cancellationToken = default)
    {
        if (Upstream is null)
            return;
        await WaitUntilReplayedAsync(await Upstream.PositionAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Throws this server's data away, clones another node anew and streams from it. With a <paramref name="source"/>
    /// that was promoted, this is how a failed primary comes back as a standby.
    /// </summary>
    /// <param name="source">The running node to clone; by default the one this node streams from.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task RecloneAsync(PostgresNode? source = null, CancellationToken cancellationToken = default)
    {
        var from = source ?? Upstream
            ?? throw new InvalidOperationException($"{Name} streams from no other node: say which one to clone.");
        if (ReferenceEquals(from, this))
            throw new ArgumentException("A node can't be cloned from itself.", nameof(source));
        return ChangeAsync($"cloning {from.Name} anew into", async token =>
        {
            RequireRunning(from);
            await Server.KillAsync(token).ConfigureAwait(false);
            await CloneAsync(from, token).ConfigureAwait(false);
        }, cancellationToken);
    }

    /// <summary>Asks the server whether it is a standby.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="true"/> for a standby, <see langword="false"/> for a primary.</returns>
    public async Task<bool> IsInRecoveryAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return (bool)(await ScalarAsync(connection, "select pg_is_in_recovery()", cancellationToken).ConfigureAwait(false))!;
    }

    internal Task CloneNewAsync(PostgresNode source, CancellationToken cancellationToken) =>
        ChangeAsync($"cloning {source.Name} into", token =>
        {
            RequireRunning(source);
            return CloneAsync(source, token);
        }, cancellationToken);

    internal async Task<ulong> PositionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await WalPosition.CurrentAsync(connection, cancellationToken).ConfigureAwait(false);
    }

    internal async Task WaitUntilReplayedAsync(ulong position, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var waited = Stopwatch.StartNew();
        for (var pause = FirstPoll; ; pause = Longer(pause))
        {
            var replayed = await WalPosition.ReplayedAsync(connection, cancellationToken).ConfigureAwait(false);
            // Out of recovery there is nothing to replay.
            if (replayed >= position || replayed is null)
                return;
            if (waited.Elapsed > _context.Options.StartTimeout)
                throw await NotCaughtUpAsync(connection, position, replayed, cancellationToken).ConfigureAwait(false);
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    internal async Task WaitUntilAnswersAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        for (var pause = FirstPoll; ; pause = Longer(pause))
        {
            try
            {
                await using var connection = await _context.OpenAdminAsync(Server, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (NpgsqlException e) when (IsTemporary(e))
            {
                await Server.RefreshAsync(cancellationToken).ConfigureAwait(false);
                if (State == PostgresNodeState.Stopped)
                    throw await _context.FailureAsync(Server, $"{Name} ended while it started.", e).ConfigureAwait(false);
                if (waited.Elapsed > _context.Options.StartTimeout)
                    throw await _context.FailureAsync(Server, $"{Name} does not answer after {waited.Elapsed.TotalSeconds:0} s: {e.Message}", e).ConfigureAwait(false);
            }
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    internal Task WaitUntilStreamingAsync(CancellationToken cancellationToken) =>
        WaitForAsync("select exists (select from pg_stat_wal_receiver where status = 'streaming')", $"connected to {Upstream!.Name}", cancellationToken);

    private static bool IsTemporary(NpgsqlException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow }
        || (e is not PostgresException && e.InnerException is SocketException or IOException or TimeoutException);

    private static TimeSpan Longer(TimeSpan pause) => pause * 1.5 is var longer && longer < LongestPoll ? longer : LongestPoll;

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    private void RequireRunning(PostgresNode source)
    {
        if (source.State != PostgresNodeState.Running)
            throw new PostgresClusterException($"{Name} can't be cloned from {source.Name}, which is {source.State}.");
    }

    private async Task CloneAsync(PostgresNode source, CancellationToken cancellationToken)
    {
        Upstream = source;
        await using var kept = await Server.CloneAsync(source.Server, cancellationToken).ConfigureAwait(false);
        await WaitUntilAnswersAsync(cancellationToken).ConfigureAwait(false);
        await WaitUntilStreamingAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ConnectWalReceiverAsync(CancellationToken cancellationToken)
    {
        var upstream = Upstream ?? throw new PostgresClusterException($"{Name} is no standby: it has no WAL receiver.");
        await AlterSystemAsync($"set primary_conninfo = {ServerConfiguration.Literal(upstream.Server.ConnectionInfoFor(Name))}", cancellationToken).ConfigureAwait(false);
        // The receiver of the upstream before this one may still be there.
        var (host, port) = upstream.Server.InnerAddress;
        await WaitForAsync(
            string.Create(CultureInfo.InvariantCulture, $"select exists (select from pg_stat_wal_receiver where status = 'streaming' and sender_host = '{host}' and sender_port = {port})"),
            $"connected to {upstream.Name}",
            cancellationToken).ConfigureAwait(false);
    }

    private async Task AlterSystemAsync(string change, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        // A standby takes ALTER SYSTEM too: it writes a file, not WAL.
        await ScalarAsync(connection, "alter system " + change, cancellationToken).ConfigureAwait(false);
        await ScalarAsync(connection, "select pg_reload_conf()", cancellationToken).ConfigureAwait(false);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ScalarAsync(connection, sql, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            throw new PostgresClusterException($"{Name} is no standby: {e.MessageText}", e);
        }
    }

    private async Task WaitForAsync(string condition, string what, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var waited = Stopwatch.StartNew();
        for (var pause = FirstPoll; ; pause = Longer(pause))
        {
            if (await ScalarAsync(connection, condition, cancellationToken).ConfigureAwait(false) is true)
                return;
            if (waited.Elapsed > _context.Options.StartTimeout)
                throw await _context.FailureAsync(Server, $"{Name} has not {what} within {waited.Elapsed.TotalSeconds:0} s.").ConfigureAwait(false);
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (State != PostgresNodeState.Running)
            throw new PostgresClusterException($"{Name} does not answer: it is {State}.");
        try
        {
            return await _context.OpenAdminAsync(Server, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException e)
        {
            throw await _context.FailureAsync(Server, $"{Name} does not answer: {e.Message}", e).ConfigureAwait(false);
        }
    }

    private async Task<PostgresClusterException> NotCaughtUpAsync(NpgsqlConnection connection, ulong position, ulong? replayed, CancellationToken cancellationToken)
    {
        var pause = await ScalarAsync(connection, "select pg_get_wal_replay_pause_state()", cancellationToken).ConfigureAwait(false);
        var receiver = await ScalarAsync(connection, "select status from pg_stat_wal_receiver", cancellationToken).ConfigureAwait(false) ?? "not running";
        return await _context.FailureAsync(
            Server,
            $"{Name} has replayed {WalPosition.Format(replayed)} of {WalPosition.Format(position)} after {_context.Options.StartTimeout.TotalSeconds:0} s. Its replay is {pause}, its WAL receiver {receiver}.").ConfigureAwait(false);
    }

    private async Task ChangeAsync(string doing, Func<CancellationToken, Task> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_context.IsDisposed, typeof(PostgresCluster));
            _context.Log($"{doing} {Name}");
            await change(cancellationToken).ConfigureAwait(false);
        }
        catch (PortInUseException e)
        {
            throw e.Explain();
        }
        finally
        {
            _gate.Release();
        }
    }
}
