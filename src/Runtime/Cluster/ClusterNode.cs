using CompileTimeRouting.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>One configured node with its pools and the way to check it.</summary>
internal sealed class ClusterNode : IDisposable, IAsyncDisposable
{
    // How long, in seconds, one connect to a server that hangs is left to it.
    private const int PatientTimeout = 60;

    private const string ReadOnlySessions = "-c default_transaction_read_only=on";

    private volatile NodePlan _plan;

    private readonly ConnectGate _gate;
    private readonly int _probeTimeout;
    private long _renewedAt;
    private int _renewals;

    private ClusterNode(NodePlan plan, NodePool writePool, NodePool readPool, NpgsqlDataSource probe, NpgsqlDataSource patientProbe, int probeTimeout, ConnectGate gate)
    {
        _probeTimeout = probeTimeout;
        _plan = plan;
        _gate = gate;
        WritePool = writePool;
        ReadPool = readPool;
        Probe = probe;
        PatientProbe = patientProbe;
    }

    public string Name => _plan.Name;

    public Pooler Pooler => _plan.Pooler;

    /// <summary>Whether one connection of the probe's can lead to one server after the other.</summary>
    public bool ProbesThroughPooler => _plan is { Pooler: not Pooler.None, Probe: null };

    /// <summary>The most connections that its pools open, as it is configured.</summary>
    /// <param name="role">The role in which it is used.</param>
    public int MaxConnectionsAs(NodeRole role) => ReadPool.MaxSize + (role == NodeRole.Primary ? WritePool.MaxSize : 0);

    /// <summary>The role it is configured with; which one it has, the server says.</summary>
    public NodeRole ConfiguredRole => _plan.Role;

    /// <summary>How its lag is measured.</summary>
    public ServerProvider Provider => _plan.Provider;

    public string Host => _plan.Settings.Host!;

    public int Port => _plan.Settings.Port;

    public double Weight => _plan.Weight;

    public string? Group => _plan.Group;

    public string? Region => _plan.Region;

    /// <summary>Host, port and database, for comparison and messages.</summary>
    public string Address => NodeConnectionString.Address(_plan.Settings);

    /// <summary>The setting that describes the node, for messages.</summary>
    public string Setting => _plan.Setting;

    public string? Username => _plan.Settings.Username;

    public string? Database => _plan.Settings.Database ?? _plan.Settings.Username;

    public bool HasPassword => !string.IsNullOrEmpty(_plan.Settings.Password);

    /// <summary>Sessions that may write: used while the node is the primary.</summary>
    public NodePool WritePool { get; }

    /// <summary>Read-only sessions, for reads on a replica and for those that must go to the primary.</summary>
    public NodePool ReadPool { get; }

    /// <summary>
    /// Opens the monitor's own read-only session: a pool could hand out a connection that broke since, or none when it is
    /// exhausted, and neither says anything about the node.
    /// </summary>
    public NpgsqlDataSource Probe { get; }

    /// <summary>The same for the one attempt that a server which hangs is left, so that its return is noticed at once.</summary>
    public NpgsqlDataSource PatientProbe { get; }

    /// <summary>How often all connections were to be made anew: a probe's that is older leads where the address led before.</summary>
    public int Renewals => Volatile.Read(ref _renewals);

    public int ActiveLeases => WritePool.Leases + ReadPool.Leases;

    public int OpenConnections => WritePool.OpenConnections + ReadPool.OpenConnections;

    /// <summary>How much of the fuller pool is on loan.</summary>
    public double PoolUtilization => Math.Max(WritePool.Utilization, ReadPool.Utilization);

    /// <summary>The connections kept open, as it is configured.</summary>
    public int MinPoolSize => ReadPool.MinSize + (ConfiguredRole == NodeRole.Primary ? WritePool.MinSize : 0);

    /// <summary>How many connections to it may be made at once.</summary>
    public int MaxConcurrentConnects => _gate.Limit;

    /// <summary>The most connections one pool may open.</summary>
    public int MaxPoolSize => _plan.Settings.MaxPoolSize;

    /// <summary>Called where a connection to the node broke.</summary>
    public Action Suspected
    {
        set => WritePool.Suspected = ReadPool.Suspected = value;
    }

    /// <summary>Called where an attempt failed in a way that is the node's.</summary>
    public Action Failed
    {
        set => WritePool.Failed = ReadPool.Failed = value;
    }

    /// <summary>Whether a plan is for the same node, reached in the same way: its pools and its probe serve that plan, too.</summary>
    public bool Serves(NodePlan plan, ClusterPlan cluster) => IsReachedAlike(plan) && ProbeTimeout(cluster) <= _probeTimeout;

    /// <summary>Takes over what a plan says beside how to connect: the share of reads, group and region, the setting's name.</summary>
    /// <param name="plan">The node's; where another way to it is planned, which is of no use yet, that one is left out.</param>
    /// <param name="cluster">All of the plan.</param>
    /// <returns>Whether that changes which reads go here.</returns>
    public bool Describe(NodePlan plan, ClusterPlan cluster)
    {
        var before = _plan;
        _plan = IsReachedAlike(plan) ? plan : before with { Weight = plan.Weight, Group = plan.Group, Region = plan.Region };
        _gate.Resize(cluster.MaxConcurrentConnects);
        var wasSpare = ReadPool.IsSpare;
        ReadPool.IsSpare = plan.Role == NodeRole.Primary && cluster.ReadsElsewhere;
        if (wasSpare && !ReadPool.IsSpare)
            ReadPool.WarmUp();
        return (before.Weight, before.Group, before.Region) != (plan.Weight, plan.Group, plan.Region);
    }

    private bool IsReachedAlike(NodePlan plan) =>
        plan.Name == Name && plan.Role == ConfiguredRole && plan.Provider == Provider && plan.Settings.ConnectionString == _plan.Settings.ConnectionString
        && plan.Pooler == Pooler && plan.Probe?.ConnectionString == _plan.Probe?.ConnectionString;

    // Npgsql's own limit, in whole seconds, must not be the shorter one.
    private static int ProbeTimeout(ClusterPlan cluster) => (int)Math.Ceiling(Math.Max(cluster.StartupTimeout.TotalSeconds, cluster.Probes.Timeout.TotalSeconds));

    /// <summary>The node has come into use, or is back: the connections it keeps open are made, not all at one moment.</summary>
    public void WarmUp(NodeRole role)
    {
        _gate.Spread();
        ReadPool.WarmUp();
        if (role == NodeRole.Primary)
            WritePool.WarmUp();
    }

    /// <summary>
    /// The address leads to another server than before: what is open now serves nobody any longer, the probes neither. Of many
    /// calls at about the same time the first one counts.
    /// </summary>
    public void Renew()
    {
        if (!Renewal.IsFirst(ref _renewedAt))
            return;
        Interlocked.Increment(ref _renewals);
        ReadPool.RenewSessions();
        WritePool.RenewSessions();
    }

    /// <summary>The node was taken out: nobody waits for a connection to it any longer; what runs on one goes on.</summary>
    public void Retire()
    {
        WritePool.Retire();
        ReadPool.Retire();
    }

    public static ClusterNode Create(ClusterPlan cluster, NodePlan plan, ILoggerFactory? loggerFactory, RoutingMetrics metrics)
    {
        var built = new List<NpgsqlDataSource>(4);
        var routes = RouteManifest.Read();
        try
        {
            NpgsqlDataSource Build(string name, bool readOnly, Action<NpgsqlDataSourceBuilder>? change = null, NodePlan? way = null)
            {
                var source = BuildDataSource(cluster, way ?? plan, name, readOnly, routes, change, loggerFactory);
                built.Add(source);
                return source;
            }

            // A replica's pool for writes is for the day on which it is promoted.
            void KeepNone(NpgsqlDataSourceBuilder builder) => builder.ConnectionStringBuilder.MinPoolSize = 0;
            var isPrimary = plan.Role == NodeRole.Primary;
            var writeName = isPrimary ? plan.Name : $"{plan.Name}-read-write";
            var readName = isPrimary ? cluster.Prefix + ClusterPlan.PrimaryReadOnlyName : plan.Name;
            var gate = new ConnectGate(cluster.MaxConcurrentConnects);
            var writePool = new NodePool(plan.Name, Build(writeName, readOnly: false, isPrimary ? null : KeepNone), gate, writeName, metrics)
            {
                LeadsToOneServer = plan.Pooler == Pooler.None,
            };
            var readPool = new NodePool(readName, Build(readName, readOnly: true), gate, readName, metrics)
            {
                BeginsReadOnly = plan.Pooler != Pooler.None,
                IsSpare = isPrimary && cluster.ReadsElsewhere,
                LeadsToOneServer = plan.Pooler == Pooler.None,
            };
            var probeTimeout = ProbeTimeout(cluster);
            NpgsqlDataSource BuildProbe(string name, int timeout) => Build(name, readOnly: true, builder =>
            {
                var settings = builder.ConnectionStringBuilder;
                settings.Pooling = false;
                settings.MinPoolSize = 0;
                settings.Timeout = timeout;
                settings.CommandTimeout = timeout;
                settings.CancellationTimeout = -1;
                settings.KeepAlive = 0;
                builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
            }, plan.Probe is { } way ? plan with { Settings = way, Pooler = Pooler.None } : plan);

            var probe = BuildProbe($"{plan.Name}-check", probeTimeout);
            var patientProbe = BuildProbe($"{plan.Name}-patient-check", Math.Max(probeTimeout, PatientTimeout));
            return new ClusterNode(plan, writePool, readPool, probe, patientProbe, probeTimeout, gate);
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
        WritePool.Dispose();
        ReadPool.Dispose();
        Probe.Dispose();
        PatientProbe.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await WritePool.DisposeAsync().ConfigureAwait(false);
        await ReadPool.DisposeAsync().ConfigureAwait(false);
        await Probe.DisposeAsync().ConfigureAwait(false);
        await PatientProbe.DisposeAsync().ConfigureAwait(false);
    }

    private static NpgsqlDataSource BuildDataSource(
        ClusterPlan cluster, NodePlan plan, string name, bool readOnly, IReadOnlyList<PublishedRouteAttribute> routes, Action<NpgsqlDataSourceBuilder>? change, ILoggerFactory? loggerFactory)
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
        var isPooled = plan.Pooler != Pooler.None;
        AutoPreparation.Apply(settings, isPooled, readOnly, routes);

        // A read has a connection of its own, which sees nothing of a TransactionScope; as a part of it a standby would refuse the
        // scope's isolation level, and a write's commit would take two phases.
        if (readOnly)
            settings.Enlist = false;

        // Whose session the reset would reach, a pooler decides; and it takes no settings for one.
        settings.NoResetOnClose = isPooled;
        if (readOnly && !isPooled)
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
