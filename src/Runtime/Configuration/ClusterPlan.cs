using System.Globalization;
using CompileTimeRouting.Cluster;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>One node as the options describe it, after validation.</summary>
/// <param name="Name">The full name, with the data source's prefix.</param>
/// <param name="Setting">The setting that describes it, for messages.</param>
/// <param name="Role">The role it must have.</param>
/// <param name="Settings">How to connect, with the pool settings.</param>
/// <param name="Weight">The share of reads; of no meaning for the primary.</param>
/// <param name="Group">The replica group.</param>
/// <param name="HasOwnName">Whether the name was given, and doesn't come from the position.</param>
/// <param name="Region">Where the node is.</param>
/// <param name="Provider">How its lag is measured.</param>
/// <param name="Pooler">What stands before the server.</param>
/// <param name="Probe">How to connect for probes; null for as calls do.</param>
internal sealed record NodePlan(
    string Name, string Setting, NodeRole Role, NpgsqlConnectionStringBuilder Settings, double Weight, string? Group, bool HasOwnName, string? Region = null,
    ServerProvider Provider = ServerProvider.Auto, Pooler Pooler = Pooler.None, NpgsqlConnectionStringBuilder? Probe = null);

/// <summary>What valid options describe. Making one is validating the options.</summary>
internal sealed class ClusterPlan
{
    internal const string PrimaryName = "primary";
    internal const string PrimaryReadOnlyName = "primary-read-only";

    private const string ConnectionAsName = "looks like a connection string (withheld: it could hold a password). Give it a plain name.";
    private const int MaxPoolSize = 10_000;
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(365);

    private ClusterPlan(RoutingOptions options, NodePlan primary, IReadOnlyList<NodePlan> replicas)
    {
        Primary = primary;
        Replicas = replicas;
        ReadReplicasEnabled = options.EnableReadReplicas;
        StartupCheck = options.StartupCheck;
        StartupTimeout = options.StartupTimeout;
        Probes = new ProbeSchedule(options.ProbeInterval, options.ProbeTimeout);
        Overload = new OverloadSettings(
            options.Overload == OverloadPolicy.Default ? OverloadPolicy.Shed : options.Overload,
            options.PrimaryReadLimit ?? Math.Max(1, primary.Settings.MaxPoolSize / 2), options.LagThreshold);
        Balancing = new BalancingSettings(options.Balancing, NullIfEmpty(options.Region));
        MaxConcurrentConnects = options.MaxConcurrentConnects;
        ApplicationInstances = options.ApplicationInstances;
        ReadYourWritesWait = options.ReadYourWritesWait;
        DefaultReadConsistency = options.DefaultReadConsistency;
        Signer = new TokenSigner(options.TokenKeys.Select(static k => Convert.FromBase64String(k)));
        ConfigureDataSource = options.ConfigureDataSource;
        Prefix = PrefixOf(options);
    }

    public NodePlan Primary { get; }

    /// <summary>The replicas; none where reads don't go to replicas.</summary>
    public IReadOnlyList<NodePlan> Replicas { get; private set; }

    public bool ReadReplicasEnabled { get; }

    /// <summary>Whether replicas answer the reads that may go there.</summary>
    public bool ReadsElsewhere => ReadReplicasEnabled && Replicas.Count > 0;

    public StartupCheck StartupCheck { get; }

    public TimeSpan StartupTimeout { get; }

    public ProbeSchedule Probes { get; }

    public OverloadSettings Overload { get; }

    public BalancingSettings Balancing { get; }

    public int MaxConcurrentConnects { get; }

    public int ApplicationInstances { get; }

    public TimeSpan ReadYourWritesWait { get; }

    public ReadConsistency DefaultReadConsistency { get; }

    public TokenSigner Signer { get; }

    public Action<NpgsqlDataSourceBuilder>? ConfigureDataSource { get; }

    public string Prefix { get; }

    /// <summary>The data source as metrics name it: two without a name are told apart by their primary.</summary>
    public string SourceName
    {
        get
        {
            if (Prefix.Length > 0)
                return Prefix[..^1];
            var address = NodeConnectionString.HostAndPort(Primary.Settings.Host!, Primary.Settings.Port);
            return (Primary.Settings.Database ?? Primary.Settings.Username) is { } database ? $"{address}/{database}" : address;
        }
    }

    /// <exception cref="OptionsValidationException">The options aren't valid.</exception>
    public static ClusterPlan Create(RoutingOptions options, string? optionsName = null) => TryCreate(options, out var failures)
        ?? throw new OptionsValidationException(optionsName ?? Options.DefaultName, typeof(RoutingOptions), failures);

    /// <summary>Keeps the names of nodes in use.</summary>
    /// <param name="running">Their names, by address.</param>
    public void KeepNames(IReadOnlyDictionary<string, string> running) => Replicas = NodeNames.Keep(Replicas, running, Prefix);

    public static ClusterPlan? TryCreate(RoutingOptions options, out List<string> failures)
    {
        failures = [.. options.SourceFailures.Distinct(), .. options.EnableReadReplicas ? options.ReplicaSourceFailures.Distinct() : []];
        CheckScalars(options, failures);
        CheckPool(options.PrimaryPool, nameof(RoutingOptions.PrimaryPool), options, failures);
        CheckPool(options.ReplicaPool, nameof(RoutingOptions.ReplicaPool), options, failures);
        var primary = PlanPrimary(options, failures);
        var replicas = options.EnableReadReplicas ? PlanReplicas(options, failures) : [];
        CheckNames(options, failures);
        CheckDuplicates(primary, replicas, failures);
        return failures.Count == 0 ? new ClusterPlan(options, primary!, [.. replicas.Select(static r => r!)]) : null;
    }

    private static string PrefixOf(RoutingOptions options) => string.IsNullOrEmpty(options.Name) ? "" : $"{options.Name}:";

    private static void CheckScalars(RoutingOptions options, List<string> failures)
    {
        if (options.Name is null)
            failures.Add("Name is null: set a prefix for the node names, or the empty string for none.");
        else if (IsConnection(options.Name))
            failures.Add($"{options.NameOf(nameof(options.Name), options.Name)} {ConnectionAsName}");
        else if (options.Name != options.Name.Trim() || options.Name.Any(char.IsControl))
            failures.Add($"{Named(options, nameof(options.Name), options.Name)} must neither begin nor end with a blank nor hold control characters: it prefixes the node names.");

        Range(options, nameof(options.LagThreshold), options.LagThreshold, TimeSpan.Zero, TimeSpan.FromDays(1), "more than 0 seconds, at most one day", failures, above: true);
        Range(options, nameof(options.StartupTimeout), options.StartupTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), "from 0.1 to 300 seconds", failures);
        Range(options, nameof(options.ProbeInterval), options.ProbeInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), "from 0.1 to 3600 seconds", failures);
        Range(options, nameof(options.ProbeTimeout), options.ProbeTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), "from 0.1 to 60 seconds", failures);
        Range(options, nameof(options.ReadYourWritesWait), options.ReadYourWritesWait, TimeSpan.Zero, TimeSpan.FromSeconds(10), "from 0 to 10 seconds", failures);
        CheckTokenKeys(options, failures);
        if (options.PrimaryReadLimit is < 0)
            failures.Add($"{Named(options, nameof(options.PrimaryReadLimit), options.PrimaryReadLimit)} must be 0 or more reads.");
        if (options.MaxConcurrentConnects is < 1 or > MaxPoolSize)
            failures.Add($"{Named(options, nameof(options.MaxConcurrentConnects), options.MaxConcurrentConnects)} must be from 1 to 10,000 connections.");
        if (options.ApplicationInstances is < 1 or > MaxPoolSize)
            failures.Add($"{Named(options, nameof(options.ApplicationInstances), options.ApplicationInstances)} must be from 1 to 10,000 instances.");
        if (!Enum.IsDefined(options.Overload))
            failures.Add($"{Named(options, nameof(options.Overload), options.Overload)} must be Shed or ServeStale.");
        if (!Enum.IsDefined(options.Balancing))
            failures.Add($"{Named(options, nameof(options.Balancing), options.Balancing)} must be Default, RoundRobin, LeastInFlight or Nearest.");
        if (!Enum.IsDefined(options.Provider))
            failures.Add($"{Named(options, nameof(options.Provider), options.Provider)} must be Auto, Standard or Aurora.");
        if (!Enum.IsDefined(options.DefaultReadConsistency))
            failures.Add($"{Named(options, nameof(options.DefaultReadConsistency), options.DefaultReadConsistency)} must be Eventual, BoundedStaleness, ReadYourWrites or Strong.");
        CheckRegion(options, failures);
        if (options.ConnectionLifetime is { } lifetime)
            Range(options, nameof(options.ConnectionLifetime), lifetime, TimeSpan.Zero, MaxLifetime, "from 0 seconds, for no limit, to 365 days", failures);
        if (!Enum.IsDefined(options.StartupCheck))
            failures.Add($"{Named(options, nameof(options.StartupCheck), options.StartupCheck)} must be Strict, Degraded or Off.");
    }

    private static void CheckRegion(RoutingOptions options, List<string> failures)
    {
        if (string.IsNullOrEmpty(options.Region))
            return;
        if (IsConnection(options.Region))
            failures.Add($"{options.NameOf(nameof(options.Region), options.Region)} {ConnectionAsName}");
        else if (options is { EnableReadReplicas: true, Replicas.Count: > 0 } && options.Replicas.All(static r => string.IsNullOrEmpty(r?.Region)))
            failures.Add($"{Named(options, nameof(options.Region), options.Region)} prefers nothing while no replica has a Region. Set that of each replica, or take this one out.");
    }

    private static void Range(
        RoutingOptions options, string property, TimeSpan value, TimeSpan low, TimeSpan high, string range, List<string> failures, bool above = false)
    {
        if (value < low || value > high || (above && value == low))
            failures.Add($"{options.NameOf(property, value)} is {Seconds(value)} seconds: it must be {range}.");
    }

    private static void CheckTokenKeys(RoutingOptions options, List<string> failures)
    {
        if (options.TokenKeys is null)
        {
            failures.Add("TokenKeys is null: set an empty list for none.");
            return;
        }

        // A key is a secret: it is never shown.
        for (var i = 0; i < options.TokenKeys.Count; i++)
        {
            var key = new byte[options.TokenKeys[i]?.Length ?? 0];
            if (!Convert.TryFromBase64String(options.TokenKeys[i] ?? "", key, out var length) || length < TokenSigner.LeastKeySize)
            {
                failures.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"TokenKeys[{i}]: this is no key (withheld). Set {TokenSigner.LeastKeySize} or more random bytes in Base64, for example the output of 'openssl rand -base64 32'."));
            }
        }
    }

    private static string Seconds(TimeSpan value) => value.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Named(RoutingOptions options, string property, object? value) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.NameOf(property, value)} is '{value}': it");

    private static void CheckPool(PoolOptions? pool, string property, RoutingOptions options, List<string> failures)
    {
        if (pool is null)
            return;
        if (pool.Size is < 0 or > MaxPoolSize)
            failures.Add($"{Named(options, $"{property}.{nameof(pool.Size)}", pool.Size)} must be from 0 to 10,000 connections.");
        if (pool.MaxOverflow is < 0 or > MaxPoolSize)
            failures.Add($"{Named(options, $"{property}.{nameof(pool.MaxOverflow)}", pool.MaxOverflow)} must be from 0 to 10,000 connections.");
        if (pool is { Size: 0, MaxOverflow: 0 })
        {
            failures.Add(
                $"{options.NameOf($"{property}.{nameof(pool.Size)}", pool.Size)} and {options.NameOf($"{property}.{nameof(pool.MaxOverflow)}", pool.MaxOverflow)} " +
                "are both 0, which leaves a pool without connections: raise one of them.");
        }

        if (pool.Timeout is { } timeout)
            Range(options, $"{property}.{nameof(pool.Timeout)}", timeout, TimeSpan.Zero, TimeSpan.FromSeconds(1024), "more than 0 seconds, at most 1024", failures, above: true);
    }

    private static NodePlan? PlanPrimary(RoutingOptions options, List<string> failures)
    {
        var setting = options.NameOf(nameof(options.Primary), options.Primary);
        if (string.IsNullOrWhiteSpace(options.Primary))
        {
            if (!options.PrimaryUnresolved)
            {
                // Only the default section has other names than its own.
                var where = options.SectionPath is { } path && !path.Equals(RoutingOptions.DefaultSection, StringComparison.OrdinalIgnoreCase)
                    ? $"{path}:Primary is missing: set the primary's connection string or URL there or in code."
                    : $"{setting} is missing: set the primary's connection string or URL, as Routing:Primary, as ConnectionStrings:Primary, in DATABASE_URL or in code.";
                failures.Add(options.PrimarySuggestion is { } suggestion ? $"{where} {suggestion}" : where);
            }

            return null;
        }

        var probe = PlanProbe(options.PrimaryProbe, options.NameOf(nameof(options.PrimaryProbe), options.PrimaryProbe), failures);
        return NodeConnectionString.Read(options.Primary, setting, failures) is { } settings
            && ApplyPool(settings, options.PrimaryPool, options, setting, failures) && CheckPooler(settings, options.Pooler, setting, failures)
                ? new NodePlan(PrefixOf(options) + PrimaryName, setting, NodeRole.Primary, settings, 0, null, HasOwnName: true, null, options.Provider, options.Pooler, probe)
                : null;
    }

    private static List<NodePlan?> PlanReplicas(RoutingOptions options, List<string> failures)
    {
        var plans = new List<NodePlan?>();
        if (options.Replicas is null)
        {
            failures.Add("Replicas is null: set an empty list for none.");
            return plans;
        }

        for (var i = 0; i < options.Replicas.Count; i++)
            plans.Add(PlanReplica(options, i, failures));
        if (options.Replicas.All(static r => r is not null && double.IsFinite(r.Weight) && r.Weight >= 0))
            CheckWeights(options, failures);
        return plans;
    }

    private static NodePlan? PlanReplica(RoutingOptions options, int index, List<string> failures)
    {
        var replica = options.Replicas[index];
        var entry = ReplicaSetting(options, index);
        if (replica is null)
        {
            failures.Add($"{entry} is null: take the entry out.");
            return null;
        }

        if (!double.IsFinite(replica.Weight) || replica.Weight < 0)
        {
            failures.Add(string.Create(
                CultureInfo.InvariantCulture, $"{WeightSetting(options, index)} is {replica.Weight}: a weight is a number, 0 or more; 0 takes the replica out of service."));
        }

        if (string.IsNullOrWhiteSpace(replica.ConnectionString))
        {
            if (!replica.ConnectionStringUnresolved)
                failures.Add($"{entry}: there is no ConnectionString. Set the replica's connection string or URL, or take the entry out.");
            return null;
        }

        var pooler = replica.Pooler ?? options.Pooler;
        var probe = PlanProbe(replica.Probe, $"{entry}: {nameof(replica.Probe)}", failures);
        return NodeConnectionString.Read(replica.ConnectionString, entry, failures) is { } settings
            && ApplyPool(settings, options.ReplicaPool, options, entry, failures) && CheckPooler(settings, pooler, entry, failures)
                ? new NodePlan(
                    PrefixOf(options) + NameOf(replica, index), entry, NodeRole.Replica, settings, replica.Weight,
                    NullIfEmpty(replica.Group), !string.IsNullOrWhiteSpace(replica.Name), NullIfEmpty(replica.Region), options.Provider, pooler, probe)
                : null;
    }

    private static NpgsqlConnectionStringBuilder? PlanProbe(string? text, string setting, List<string> failures) =>
        string.IsNullOrWhiteSpace(text) ? null : NodeConnectionString.Read(text, setting, failures);

    private static bool CheckPooler(NpgsqlConnectionStringBuilder settings, Pooler pooler, string setting, List<string> failures)
    {
        if (!Enum.IsDefined(pooler))
            failures.Add($"{setting}: Pooler is '{pooler}': it must be None or PgBouncerTransaction.");
        if (pooler != Pooler.PgBouncerTransaction)
            return Enum.IsDefined(pooler);
        if (string.IsNullOrWhiteSpace(settings.Options))
            return true;
        failures.Add($"{setting}: 'Options' sets a session up, but behind PgBouncer in transaction mode every transaction may have another one. Take it out, or set it for the role: alter role ... set ...");
        return false;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string ReplicaSetting(RoutingOptions options, int index) =>
        options.Replicas[index]?.Origin ?? string.Create(CultureInfo.InvariantCulture, $"Replicas[{index}]");

    private static string WeightSetting(RoutingOptions options, int index)
    {
        var origin = options.NameOf($"Weight{index}", options.Replicas[index].Weight);
        return origin.StartsWith("Weight", StringComparison.Ordinal) ? $"{ReplicaSetting(options, index)}: Weight" : origin;
    }

    private static string NameOf(ReplicaOptions replica, int index) =>
        string.IsNullOrWhiteSpace(replica.Name) ? NodeNames.At(index) : replica.Name.Trim();

    private static void CheckWeights(RoutingOptions options, List<string> failures)
    {
        var replicas = options.Replicas;
        if (replicas.Count == 0)
            return;
        var weights = string.Join(", ", replicas.Select(static r => r.Weight.ToString("R", CultureInfo.InvariantCulture)));
        var total = replicas.Sum(static r => r.Weight);
        if (total == 0 || !double.IsFinite(total))
        {
            failures.Add($"The weights of the replicas ({weights}) leave none in service: give one a weight above 0, or set EnableReadReplicas to false.");
            return;
        }

        var sets = replicas.GroupBy(static r => r.Group ?? "", StringComparer.Ordinal).Select(static g => g.ToArray()).ToArray();
        if (replicas.Count > 1 && replicas.All(static r => r.Weight < 1) && !IsOne(total)
            && !sets.All(static s => IsOne(s.Sum(static r => r.Weight))))
        {
            failures.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"The weights of the replicas ({weights}) look like fractions but add up to {total:0.####}: make them add up to 1, or use whole numbers such as 3 and 2."));
        }

        // The turns are computed a thousand at a time: a smaller share would be none.
        foreach (var set in sets)
        {
            var sum = set.Sum(static r => r.Weight);
            foreach (var replica in set.Where(r => r.Weight > 0 && r.Weight / sum < 0.001))
            {
                failures.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{WeightSetting(options, replicas.IndexOf(replica))} is {replica.Weight:R}, less than a thousandth of the weights it is shared with: raise it, or set it to 0."));
            }
        }
    }

    private static bool IsOne(double sum) => Math.Abs(sum - 1) <= 0.01 + 1e-9;

    private static void CheckNames(RoutingOptions options, List<string> failures)
    {
        if (!options.EnableReadReplicas || options.Replicas is null)
            return;
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            [PrimaryName] = "the primary",
            [PrimaryReadOnlyName] = "the primary's read-only pool",
        };
        for (var i = 0; i < options.Replicas.Count; i++)
        {
            if (options.Replicas[i] is not { } replica)
                continue;
            var name = NameOf(replica, i);
            var entry = ReplicaSetting(options, i);
            if (IsConnection(name) || IsConnection(replica.Group ?? "") || IsConnection(replica.Region ?? ""))
                failures.Add($"{entry}: the {(IsConnection(name) ? "name" : IsConnection(replica.Group ?? "") ? "group" : "region")} {ConnectionAsName}");
            else if (name.Any(char.IsControl))
                failures.Add($"{entry}: the name holds control characters. Give it a plain one.");
            else if (!taken.TryAdd(name, entry))
                failures.Add($"{entry}: the name '{name}' is that of {taken[name]} already. Give each node its own Name.");
        }
    }

    // Names are in every message and log, and a connection string may hold a password.
    private static bool IsConnection(string name) =>
        PostgresUrl.HasScheme(name.TrimStart()) || name.Contains("password", StringComparison.OrdinalIgnoreCase);

    private static void CheckDuplicates(NodePlan? primary, List<NodePlan?> replicas, List<string> failures)
    {
        var seen = new Dictionary<string, NodePlan>(StringComparer.OrdinalIgnoreCase);
        if (primary is not null)
            seen.Add(NodeConnectionString.Address(primary.Settings), primary);
        foreach (var replica in replicas)
        {
            if (replica is null)
                continue;
            var address = NodeConnectionString.Address(replica.Settings);
            if (seen.TryAdd(address, replica))
                continue;
            failures.Add(seen[address].Role == NodeRole.Primary
                ? $"{replica.Setting}: {address} is the primary ({seen[address].Setting}). Name the replica's own address, or take the entry out: without replicas the primary answers reads."
                : $"{replica.Setting}: {address} is named by {seen[address].Setting} already. Take one out; Weight says which node gets more reads.");
        }
    }

    private static bool ApplyPool(
        NpgsqlConnectionStringBuilder settings, PoolOptions? pool, RoutingOptions options, string setting, List<string> failures)
    {
        if (pool?.Size is { } size)
        {
            settings.MinPoolSize = Math.Clamp(size, 0, MaxPoolSize);
            settings.MaxPoolSize = Math.Max(settings.MaxPoolSize, settings.MinPoolSize);
        }

        if (pool?.MaxOverflow is { } overflow)
            settings.MaxPoolSize = settings.MinPoolSize + Math.Clamp(overflow, 0, MaxPoolSize);
        if (pool?.Timeout is { } timeout)
            settings.Timeout = (int)Math.Clamp(Math.Ceiling(timeout.TotalSeconds), 1, 1024);
        if (options.ConnectionLifetime is { } lifetime)
            settings.ConnectionLifetime = (int)Math.Clamp(Math.Ceiling(lifetime.TotalSeconds), 0, MaxLifetime.TotalSeconds);

        var before = failures.Count;
        if (pool is { Size: not null } or { MaxOverflow: not null } && !settings.Pooling)
            failures.Add($"{setting}: 'Pooling' is false, but a pool size is configured. Take 'Pooling=false' or the pool size out.");
        if (settings.MaxPoolSize < 1 && pool is not { Size: 0, MaxOverflow: 0 })
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"{setting}: 'Maximum Pool Size' is {settings.MaxPoolSize}, which leaves a pool without connections: it must be 1 or more."));
        else if (settings.MinPoolSize > settings.MaxPoolSize)
        {
            failures.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{setting}: 'Minimum Pool Size' is {settings.MinPoolSize}, above 'Maximum Pool Size', which is {settings.MaxPoolSize}: raise the maximum or lower the minimum."));
        }

        if (settings.ConnectionLifetime < 0)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"{setting}: 'Connection Lifetime' is {settings.ConnectionLifetime}: it must be 0, for no limit, or more seconds."));
        return failures.Count == before;
    }
}
