using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// The nodes of one cluster and how to use them. Set in code, from a configuration section
/// (<see cref="FromConfiguration"/>), or from environment names (<see cref="FromEnvironment"/>).
/// </summary>
/// <remarks>
/// Where several sources speak, code goes before environment names, those before the section, that before the defaults.
/// Not safe for concurrent change; a <see cref="RoutedDataSource"/> takes what it needs when it is made, and again where
/// changed options are handed to <see cref="RoutedDataSource.UpdateAsync"/>, which reloading a configuration does by itself.
/// </remarks>
public sealed class RoutingOptions
{
    /// <summary>The section that is read where no other is named: <c>Routing</c>.</summary>
    public const string DefaultSection = "Routing";

    private readonly Dictionary<string, (object? Value, string Name)> _origins = new(StringComparer.Ordinal);

    /// <summary>
    /// A prefix of the node names (<c>Name:replica-1</c>), to tell several data sources apart in logs and metrics.
    /// Default: none, for a keyed data source its key.
    /// </summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// How to reach the primary: a connection string of Npgsql (<c>Host=...;Username=...</c>) or a URL
    /// (<c>postgresql://user:password@host:port/database?sslmode=require</c>; special characters in the parts are
    /// percent-encoded). In configuration it may also be the name of an entry in <c>ConnectionStrings</c>.
    /// </summary>
    public string? Primary { get; set; }

    /// <summary>The streaming replicas of the primary. Default: none; then the primary answers every read.</summary>
    public IList<ReplicaOptions> Replicas { get; set; } = [];

    /// <summary>
    /// Whether reads go to replicas. Default: true. With false the primary answers every read, on sessions that can't
    /// write, and <see cref="Replicas"/> is neither used nor checked: the switch works whatever is configured there.
    /// </summary>
    public bool EnableReadReplicas { get; set; } = true;

    /// <summary>The pool of each replica; null for what the connection strings say.</summary>
    public PoolOptions? ReplicaPool { get; set; }

    /// <summary>
    /// The pools of the primary, of which there are two, one that writes and one that can only read; null for what the
    /// connection string says. While reads go to replicas the second opens none before it is needed; what it has opened then
    /// it keeps, up to the size. Under load the two can have twice the maximum.
    /// </summary>
    public PoolOptions? PrimaryPool { get; set; }

    /// <summary>
    /// The age at which a connection is replaced when it comes back to its pool, from zero, for never, to 365 days; null
    /// for what the connection strings say. A part of a second counts as a whole one.
    /// </summary>
    public TimeSpan? ConnectionLifetime { get; set; }

    /// <summary>What stands between the application and its nodes; a replica may say otherwise of itself. Default: nothing.</summary>
    public Pooler Pooler { get; set; }

    /// <summary>
    /// Another way to the primary for its probes, in one of the forms of <see cref="Primary"/>: past a pooler, which answers
    /// late or not at all when it is exhausted. Null to probe as calls go.
    /// </summary>
    public string? PrimaryProbe { get; set; }

    /// <summary>
    /// How many connections to each node are made at once, from 1 to 10,000; who needs another waits for one of them, within
    /// its time-out. It keeps a node that comes back, or a process that starts under load, from being flooded: a server forks
    /// and authenticates for every connection. Default: 8.
    /// </summary>
    public int MaxConcurrentConnects { get; set; } = 8;

    /// <summary>
    /// How many instances of the application use the cluster with these options, 1 or more: for the check of the pools against
    /// each server's <c>max_connections</c>, at the start and in <c>ctr validate</c>. Default: 1.
    /// </summary>
    public int ApplicationInstances { get; set; } = 1;

    /// <summary>
    /// How far behind the primary a replica may be and still serve reads, more than zero, at most one day. Default: 5
    /// seconds.
    /// </summary>
    public TimeSpan LagThreshold { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often each node is probed, from 100 milliseconds to one hour: one round trip over a connection of its own. A node
    /// that is down or lags is probed twice as often, as all are while there is no primary; a replica that isn't known to have
    /// what the primary had, five times; one that has just failed, ten times. However long the interval, what is down is
    /// asked about twice a second. Two probes of a node are at least 50 milliseconds apart, also where calls fail.
    /// Default: half a second.
    /// </summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long a probe waits for an answer, from 100 milliseconds to one minute. A node that is silent twice in a row is
    /// down. Default: one second.
    /// </summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many reads at once the primary serves in place of replicas that are all lagging or gone, or have failed or have no
    /// connection free, 0 or more; null for half of its <c>Maximum Pool Size</c>. Reads that must go to the primary are never
    /// refused, but count. Without any configured replica there is no limit.
    /// </summary>
    public int? PrimaryReadLimit { get; set; }

    /// <summary>What happens to the reads beyond <see cref="PrimaryReadLimit"/>. Default: <see cref="OverloadPolicy.Shed"/>.</summary>
    public OverloadPolicy Overload { get; set; }

    /// <summary>
    /// What a read must see where neither its <see cref="ReadQueryAttribute"/> nor the
    /// <see cref="RoutingDefaultsAttribute"/> of its assembly says it. The analyzers know it where code of the same project sets
    /// it, everywhere to <see cref="ReadConsistency.ReadYourWrites"/> or <see cref="ReadConsistency.Strong"/>, and not from a
    /// configuration file: where all reads of an assembly are meant, set the attribute. Default: <see cref="ReadConsistency.Eventual"/>.
    /// </summary>
    public ReadConsistency DefaultReadConsistency { get; set; }

    /// <summary>
    /// How long a read with <see cref="ReadConsistency.ReadYourWrites"/> waits for a replica that has its session's writes,
    /// from zero, for not at all, to 10 seconds; then the primary answers. Where replicas are farther behind than that, few
    /// reads wait. Default: 50 milliseconds.
    /// </summary>
    public TimeSpan ReadYourWritesWait { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The secrets that sign the tokens of sessions for transports that aren't trusted, each of 32 or more random bytes in
    /// Base64. The first one signs, all count: to change the key, put the new one behind the old in every process, then
    /// before it, then take the old one out. Default: none; then no token is signed and no signature counts.
    /// </summary>
    public IList<string> TokenKeys { get; set; } = [];

    /// <summary>What the host's start does about nodes that are unreachable or of no use. Default: <see cref="StartupCheck.Degraded"/>.</summary>
    public StartupCheck StartupCheck { get; set; } = StartupCheck.Degraded;

    /// <summary>How long each node has to answer a check, from 100 milliseconds to 5 minutes. Default: 5 seconds.</summary>
    public TimeSpan StartupTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What kind of servers the nodes are. Default: <see cref="ServerProvider.Auto"/>.</summary>
    public ServerProvider Provider { get; set; }

    /// <summary>How reads are shared among the replicas that may serve them. Default: by turns, corrected by load.</summary>
    public BalancingMode Balancing { get; set; }

    /// <summary>
    /// Where this process runs: replicas of the same <see cref="ReplicaOptions.Region"/> serve its reads, and others only
    /// where none of those is eligible. Null, the default, for no preference.
    /// </summary>
    public string? Region { get; set; }

    /// <summary>
    /// Called for each pool before it is built, and for the connection that checks each node: for type mappings,
    /// certificates and password providers. The node itself (host, port) can't be changed here.
    /// </summary>
    public Action<NpgsqlDataSourceBuilder>? ConfigureDataSource { get; set; }

    // What was wrong with the sources: values that don't fit into the properties above, and unknown names.
    internal List<string> SourceFailures { get; } = [];

    // The same for what counts only while replicas are used.
    internal List<string> ReplicaSourceFailures { get; } = [];

    internal bool PrimaryUnresolved { get; set; }

    // What to try where the primary is missing: a variable whose name is nearly right.
    internal string? PrimarySuggestion { get; set; }

    // The section that was read, if any.
    internal string? SectionPath { get; set; }

    /// <summary>
    /// Reads the environment variables <c>DATABASE_URL</c>, <c>ENABLE_READ_REPLICAS</c>, <c>READ_REPLICA_URLS</c>,
    /// <c>READ_REPLICA_WEIGHTS</c>, <c>READ_REPLICA_POOL_SIZE</c>, <c>READ_REPLICA_MAX_OVERFLOW</c>,
    /// <c>READ_REPLICA_POOL_TIMEOUT</c>, <c>READ_REPLICA_LAG_THRESHOLD</c> and <c>DB_POOL_RECYCLE</c> (times in seconds).
    /// Variables that are empty count as absent.
    /// </summary>
    /// <remarks>
    /// <c>READ_REPLICA_URLS</c> holds URLs with a comma between two of them; a comma inside a URL is written <c>%2C</c>.
    /// Connection strings of Npgsql, which may hold commas themselves, have a <c>|</c> between two of them instead.
    /// </remarks>
    /// <returns>The options. What is wrong with them is told when they are used, or by <see cref="Validate"/>.</returns>
    public static RoutingOptions FromEnvironment()
    {
        var options = new RoutingOptions();
        RoutingOptionsReader.ReadEnvironment(options);
        return options;
    }

    /// <summary>Reads a section of a configuration and, for <see cref="DefaultSection"/>, the environment names.</summary>
    /// <remarks>
    /// The section's keys are the names of the properties here: <c>Primary</c>, <c>Replicas:0:ConnectionString</c>,
    /// <c>ReplicaPool:Size</c> and so on. Times are seconds (<c>30</c>) or <c>hh:mm:ss</c>. Without <c>Primary</c>, the
    /// connection string named <c>Primary</c> is used. The environment names are those of <see cref="FromEnvironment"/>;
    /// they go before the section's values.
    /// </remarks>
    /// <param name="configuration">The configuration that holds the section and <c>ConnectionStrings</c>: the root, as a rule.</param>
    /// <param name="sectionName">The section's name.</param>
    /// <returns>The options. What is wrong with them is told when they are used, or by <see cref="Validate"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="configuration"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="sectionName"/> is null or empty.</exception>
    public static RoutingOptions FromConfiguration(IConfiguration configuration, string sectionName = DefaultSection)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrEmpty(sectionName);
        var options = new RoutingOptions();
        RoutingOptionsReader.Read(options, configuration, sectionName);
        return options;
    }

    /// <summary>Checks everything that can be known without asking a server.</summary>
    /// <exception cref="OptionsValidationException">
    /// Something is wrong. Its failures name every wrong setting, its value where that can be no secret, and what to do.
    /// </exception>
    public void Validate() => ClusterPlan.Create(this);

    // A message names the source of a value, as long as the value is still the one that was read there.
    internal void SetOrigin(string property, object? value, string name) => _origins[property] = (value, name);

    internal string NameOf(string property, object? value) =>
        _origins.TryGetValue(property, out var origin) && Equals(origin.Value, value) ? origin.Name : property;
}
