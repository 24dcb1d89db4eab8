using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>One configured node with its pools and the way to check it.</summary>
internal sealed class ClusterNode : IDisposable, IAsyncDisposable
{
    private const string ReadOnlySessions = "-c default_transaction_read_only=on";

    private readonly NodePlan _plan;

    private ClusterNode(NodePlan plan, NodePool pool, NodePool? readOnlyPool, NpgsqlDataSource probe)
    {
        _plan = plan;
        Pool = pool;
        ReadOnlyPool = readOnlyPool;
        Probe = probe;
        MaxPoolSize = plan.Settings.MaxPoolSize * (readOnlyPool is null ? 1 : 2);
    }

    public string Name => _plan.Name;

    public NodeRole Role => _plan.Role;

    public string Host => _plan.Settings.Host!;

    public int Port => _plan.Settings.Port;

    public double Weight => _plan.Weight;

    public string? Group => _plan.Group;

    /// <summary>The setting that describes the node, for messages.</summary>
    public string Setting => _plan.Setting;

    public string? Username => _plan.Settings.Username;

    public string? Database => _plan.Settings.Database ?? _plan.Settings.Username;

    public bool HasPassword => !string.IsNullOrEmpty(_plan.Settings.Password);

    /// <summary>The primary's read-write pool, or the replica's pool of read-only sessions.</summary>
    public NodePool Pool { get; }

    /// <summary>The primary's pool of read-only sessions; null for a replica.</summary>
    public NodePool? ReadOnlyPool { get; }

    /// <summary>
    /// Opens a new read-only session for each check: a pool could hand out a connection that broke since, or none when it
    /// is exhausted, and neither says anything about the node.
    /// </summary>
    public NpgsqlDataSource Probe { get; }

    public int ActiveLeases => Pool.Leases + (ReadOnlyPool?.Leases ?? 0);

    public int MaxPoolSize { get; }

    public static ClusterNode Create(ClusterPlan cluster, NodePlan plan, ILoggerFactory? loggerFactory)
    {
        var built = new List<NpgsqlDataSource>(3);
        try
        {
            NpgsqlDataSource Build(string name, bool readOnly, Action<NpgsqlDataSourceBuilder>? change = null)
            {
                var source = BuildDataSource(cluster, plan, name, readOnly, change, loggerFactory);
                built.Add(source);
                return source;
            }

            var pool = new NodePool(plan.Name, Build(plan.Name, readOnly: plan.Role == NodeRole.Replica));
            NodePool? readOnlyPool = null;
            if (plan.Role == NodeRole.Primary)
            {
                var name = cluster.Prefix + ClusterPlan.PrimaryReadOnlyName;

                // Where replicas answer, this pool is for the few reads that must not go there and for bad days.
                readOnlyPool = new NodePool(name, Build(name, readOnly: true, builder =>
                {
                    if (cluster.ReadReplicasEnabled && cluster.Replicas.Count > 0)
                        builder.ConnectionStringBuilder.MinPoolSize = 0;
                }));
            }

            var probe = Build($"{plan.Name}-check", readOnly: true, builder =>
            {
                var settings = builder.ConnectionStringBuilder;
                settings.Pooling = false;
                settings.MinPoolSize = 0;
                settings.Timeout = (int)Math.Ceiling(cluster.StartupTimeout.TotalSeconds);
                settings.CommandTimeout = settings.Timeout;
                settings.CancellationTimeout = -1;
                settings.KeepAlive = 0;
                settings.Enlist = false;
                builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
            });
            return new ClusterNode(plan, pool, readOnlyPool, probe);
        }
        catch
        {
            foreach (var source in built)
                source.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Pool.Dispose();
        ReadOnlyPool?.Dispose();
        Probe.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync().ConfigureAwait(false);
        if (ReadOnlyPool is not null)
            await ReadOnlyPool.DisposeAsync().ConfigureAwait(false);
        await Probe.DisposeAsync().ConfigureAwait(false);
    }

    private static NpgsqlDataSource BuildDataSource(
        ClusterPlan cluster, NodePlan plan, string name, bool readOnly, Action<NpgsqlDataSourceBuilder>? change, ILoggerFactory? loggerFactory)
    {
        var builder = new NpgsqlDataSourceBuilder(plan.Settings.ConnectionString) { Name = name };
        builder.UseLoggerFactory(loggerFactory);
        cluster.ConfigureDataSource?.Invoke(builder);

        // After the caller's own configuration: none of this is his to undo.
        builder.Name = name;
        var settings = builder.ConnectionStringBuilder;
        var failures = new List<string>();
        if (settings.Host != plan.Settings.Host || settings.Port != plan.Settings.Port)
            failures.Add($"{plan.Setting}: ConfigureDataSource changed the host or port. Change them in the configuration.");
        if (settings.Multiplexing || settings.NoResetOnClose)
            failures.Add($"{plan.Setting}: ConfigureDataSource set Multiplexing or NoResetOnClose, which routed sessions can't have.");
        if (failures.Count > 0)
            throw Invalid(failures);

        // Npgsql and libpq fall back on these variables only where the connection string says nothing.
        settings.ApplicationName ??= Environment.GetEnvironmentVariable("PGAPPNAME") ?? AppDomain.CurrentDomain.FriendlyName;
        if (readOnly)
        {
            var options = settings.Options ?? Environment.GetEnvironmentVariable("PGOPTIONS");
            settings.Options = string.IsNullOrWhiteSpace(options) ? ReadOnlySessions : $"{options} {ReadOnlySessions}";
        }

        change?.Invoke(builder);
        try
        {
            return builder.Build();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            var said = HoldsSecret(e.Message, settings) ? "" : $" It says: {e.Message}";
            throw Invalid([$"{plan.Setting}: Npgsql refuses this combination of settings.{said}"]);
        }
    }

    private static bool HoldsSecret(string message, NpgsqlConnectionStringBuilder settings) =>
        Holds(message, settings.Password) || Holds(message, settings.SslPassword);

    private static bool Holds(string message, string? secret) =>
        !string.IsNullOrEmpty(secret) && message.Contains(secret, StringComparison.OrdinalIgnoreCase);

    private static OptionsValidationException Invalid(List<string> failures) =>
        new(Options.DefaultName, typeof(RoutingOptions), failures);
}
