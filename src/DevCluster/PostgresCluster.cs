using System.Diagnostics;
using CompileTimeRouting.DevCluster.Containers;
using CompileTimeRouting.DevCluster.Processes;
using CompileTimeRouting.DevCluster.Servers;
using Npgsql;

namespace CompileTimeRouting.DevCluster;

/// <summary>
/// A real PostgreSQL primary and real streaming standbys on this machine, for development, tests and benchmarks.
/// Disposing it ends all servers and removes all their files.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private readonly ClusterContext _context;
    private readonly IClusterBackend _backend;
    private readonly SemaphoreSlim _adding = new(1, 1);
    private PostgresNode[] _nodes;
    private int _disposed;

    private PostgresCluster(ClusterContext context, IClusterBackend backend, PostgresNode[] nodes, Version serverVersion)
    {
        _context = context;
        _backend = backend;
        _nodes = nodes;
        ServerVersion = serverVersion;
    }

    /// <summary>
    /// The node that was the primary at the start. It stays the same when another is promoted: which server is the
    /// primary, servers say themselves (<see cref="PostgresNode.IsInRecoveryAsync"/>), and two may say so.
    /// </summary>
    public PostgresNode Primary => _nodes[0];

    /// <summary>The nodes that were standbys at the start, or were added.</summary>
    public IReadOnlyList<PostgresNode> Replicas => _nodes[1..];

    /// <summary>All nodes, the primary first.</summary>
    public IReadOnlyList<PostgresNode> Nodes => _nodes;

    /// <summary>The servers' version, such as 18.4.</summary>
    public Version ServerVersion { get; }

    /// <summary>Starts a cluster; returns when all its servers answer, the standbys stream and have the database.</summary>
    /// <param name="options">What to build; by default a primary and two standbys as processes of this machine.</param>
    /// <param name="cancellationToken">Gives up; what was started is ended.</param>
    /// <returns>The running cluster.</returns>
    /// <exception cref="PostgresClusterException">No binaries, a port in use, no disk space, a server that does not start: the message says what to do.</exception>
    public static async Task<PostgresCluster> StartAsync(PostgresClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PostgresClusterOptions();
        options.Validate();
        var clock = Stopwatch.StartNew();
        var context = new ClusterContext(options);
        IClusterBackend backend = options.Backend == ClusterBackend.Containers
            ? await ContainerBackend.OpenAsync(context, cancellationToken).ConfigureAwait(false)
            : await ProcessBackend.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        try
        {
            var servers = await backend.CreateAsync(cancellationToken).ConfigureAwait(false);
            var primary = new PostgresNode(context, servers[0], upstream: null);
            PostgresNode[] nodes = [primary, .. servers.Skip(1).Select(s => new PostgresNode(context, s, primary))];
            await primary.WaitUntilAnswersAsync(cancellationToken).ConfigureAwait(false);
            var version = await CreateDatabaseAsync(context, primary, cancellationToken).ConfigureAwait(false);
            var cluster = new PostgresCluster(context, backend, nodes, version);
            await Task.WhenAll(cluster.Replicas.Select(async replica =>
            {
                await replica.WaitUntilAnswersAsync(cancellationToken).ConfigureAwait(false);
                await replica.WaitUntilStreamingAsync(cancellationToken).ConfigureAwait(false);
            })).ConfigureAwait(false);
            await cluster.WaitUntilCaughtUpAsync(cancellationToken).ConfigureAwait(false);
            context.Log($"PostgreSQL {version}: a primary and {options.Replicas} standbys in {clock.Elapsed.TotalSeconds:0.0} s");
            return cluster;
        }
        catch
        {
            await backend.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Returns when every running standby has replayed all that its upstream has written until now.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PostgresClusterException">A standby has not caught up within <see cref="PostgresClusterOptions.StartTimeout"/>; the message says why.</exception>
    public async Task WaitUntilCaughtUpAsync(CancellationToken cancellationToken = default)
    {
        var standbys = _nodes.Where(n => n.State == PostgresNodeState.Running && n.Upstream?.State == PostgresNodeState.Running);
        await Task.WhenAll(standbys.GroupBy(n => n.Upstream!).Select(async group =>
        {
            var position = await group.Key.PositionAsync(cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(group.Select(n => n.WaitUntilReplayedAsync(position, cancellationToken))).ConfigureAwait(false);
        })).ConfigureAwait(false);
    }

    /// <summary>Adds a streaming standby on a free port.</summary>
    /// <param name="source">The running node to clone; by default <see cref="Primary"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The new node, also the last of <see cref="Replicas"/>.</returns>
    public async Task<PostgresNode> AddReplicaAsync(PostgresNode? source = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        source ??= Primary;
        await _adding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var node = new PostgresNode(_context, _backend.AddEmpty(NodeNames.At(_nodes.Length)), source);
            await node.CloneNewAsync(source, cancellationToken).ConfigureAwait(false);
            _nodes = [.. _nodes, node];
            return node;
        }
        finally
        {
            _adding.Release();
        }
    }

    /// <summary>Ends all servers and removes all they left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _context.IsDisposed = true;
        foreach (var node in _nodes)
        {
            // Else the pool of a later cluster on the same port and password would hand out dead connections.
            await using var connection = new NpgsqlConnection(node.ConnectionString);
            NpgsqlConnection.ClearPool(connection);
        }
        await _backend.DisposeAsync().ConfigureAwait(false);
        _adding.Dispose();
        _context.Log("the cluster is gone");
    }

    private static async Task<Version> CreateDatabaseAsync(ClusterContext context, PostgresNode primary, CancellationToken cancellationToken)
    {
        await using var connection = await context.OpenAdminAsync(primary.Server, cancellationToken).ConfigureAwait(false);
        var (user, database) = (context.Options.UserName, context.Options.DatabaseName);
        try
        {
            if (user != ClusterContext.SuperUser)
            {
                // Whatever the settings ask for: the password is not to be logged.
                await ExecuteAsync("set log_statement = 'none'").ConfigureAwait(false);
                await ExecuteAsync("set log_min_error_statement = 'panic'").ConfigureAwait(false);
                await ExecuteAsync("set log_min_duration_statement = -1").ConfigureAwait(false);
                await ExecuteAsync($"create role {Identifier(user)} login password {ServerConfiguration.Literal(context.Password)}").ConfigureAwait(false);
            }
            if (database != "postgres")
                await ExecuteAsync($"create database {Identifier(database)} owner {Identifier(user)}").ConfigureAwait(false);
        }
        catch (PostgresException e)
        {
            throw await context.FailureAsync(primary.Server, $"The role {user} and the database {database} could not be created: {e.MessageText}", e).ConfigureAwait(false);
        }
        return connection.PostgreSqlVersion;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
