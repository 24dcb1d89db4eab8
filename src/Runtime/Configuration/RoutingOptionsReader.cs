using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace CompileTimeRouting;

/// <summary>
/// Fills options from an <see cref="IConfiguration"/> and from the environment names, by hand: a binder would need
/// reflection, would drop unknown keys without a word and would read <c>30</c> as thirty days.
/// </summary>
internal static class RoutingOptionsReader
{
    private const string Url = "DATABASE_URL";
    private const string Enable = "ENABLE_READ_REPLICAS";
    private const string Urls = "READ_REPLICA_URLS";
    private const string Weights = "READ_REPLICA_WEIGHTS";
    private const string PoolSize = "READ_REPLICA_POOL_SIZE";
    private const string MaxOverflow = "READ_REPLICA_MAX_OVERFLOW";
    private const string PoolTimeout = "READ_REPLICA_POOL_TIMEOUT";
    private const string LagThreshold = "READ_REPLICA_LAG_THRESHOLD";
    private const string PoolRecycle = "DB_POOL_RECYCLE";

    private static readonly string[] EnvironmentNames =
        [Url, Enable, Urls, Weights, PoolSize, MaxOverflow, PoolTimeout, LagThreshold, PoolRecycle];

    private static readonly string[] SectionKeys =
    [
        nameof(RoutingOptions.Name), nameof(RoutingOptions.Primary), nameof(RoutingOptions.Replicas),
        nameof(RoutingOptions.EnableReadReplicas), nameof(RoutingOptions.ReplicaPool), nameof(RoutingOptions.PrimaryPool),
        nameof(RoutingOptions.ConnectionLifetime), nameof(RoutingOptions.LagThreshold), nameof(RoutingOptions.StartupCheck),
        nameof(RoutingOptions.StartupTimeout), nameof(RoutingOptions.ProbeInterval), nameof(RoutingOptions.ProbeTimeout),
        nameof(RoutingOptions.PrimaryReadLimit), nameof(RoutingOptions.Overload), nameof(RoutingOptions.MaxConcurrentConnects),
        nameof(RoutingOptions.ApplicationInstances), nameof(RoutingOptions.Pooler), nameof(RoutingOptions.PrimaryProbe),
        nameof(RoutingOptions.Balancing), nameof(RoutingOptions.Region), nameof(RoutingOptions.Provider),
        nameof(RoutingOptions.ReadYourWritesWait), nameof(RoutingOptions.TokenKeys), nameof(RoutingOptions.DefaultReadConsistency),
    ];

    private static readonly string[] NestedKeys =
        [nameof(RoutingOptions.Replicas), nameof(RoutingOptions.ReplicaPool), nameof(RoutingOptions.PrimaryPool), nameof(RoutingOptions.TokenKeys)];

    private static readonly string[] ReplicaKeys =
    [
        nameof(ReplicaOptions.Name), nameof(ReplicaOptions.ConnectionString), nameof(ReplicaOptions.Weight), nameof(ReplicaOptions.Group),
        nameof(ReplicaOptions.Region), nameof(ReplicaOptions.Pooler), nameof(ReplicaOptions.Probe),
    ];

    private static readonly string[] PoolKeys = [nameof(PoolOptions.Size), nameof(PoolOptions.MaxOverflow), nameof(PoolOptions.Timeout)];

    public static void Read(RoutingOptions options, IConfiguration configuration, string sectionName)
    {
        new SectionReader(options, configuration, configuration.GetSection(sectionName)).Read();

        // The environment names are the process's own: with several data sources each has its section.
        if (sectionName.Equals(RoutingOptions.DefaultSection, StringComparison.OrdinalIgnoreCase))
            ReadEnvironment(options, name => configuration[name], configuration.GetChildren().Select(static c => c.Key));
    }

    public static void ReadEnvironment(RoutingOptions options) => ReadEnvironment(
        options, Environment.GetEnvironmentVariable, Environment.GetEnvironmentVariables().Keys.Cast<string>());

    internal static void ReadEnvironment(RoutingOptions options, Func<string, string?> get, IEnumerable<string> names)
    {
        var values = new Values(options, options.SourceFailures);
        var replicaValues = new Values(options, options.ReplicaSourceFailures);
        string? Value(string name) => get(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

        if (Value(Url) is { } url)
        {
            if (IsConnectionString(url))
            {
                options.Primary = url;
                options.SetOrigin(nameof(options.Primary), url, Url);
            }
            else
            {
                options.Primary = null;
                options.PrimaryUnresolved = true;
                options.SourceFailures.Add(
                    $"{Url}: this is neither a URL (postgresql://user:password@host:port/database) nor a connection string (Host=...;Username=...;Password=...).");
            }
        }

        if (Value(Enable) is { } enable && values.Boolean(Enable, enable) is { } enabled)
            options.EnableReadReplicas = enabled;
        var split = true;
        if (Value(Urls) is { } urls)
        {
            var replicas = SplitUrls(urls, options.ReplicaSourceFailures);
            split = replicas is not null;
            options.Replicas = replicas ?? [];
        }

        if (Value(Weights) is { } weights && split)
            SetWeights(options, weights, replicaValues);
        if (Value(PoolSize) is { } size)
            values.Number(PoolSize, size, n => (options.ReplicaPool ??= new()).Size = n, "ReplicaPool.Size");
        if (Value(MaxOverflow) is { } overflow)
            values.Number(MaxOverflow, overflow, n => (options.ReplicaPool ??= new()).MaxOverflow = n, "ReplicaPool.MaxOverflow");
        if (Value(PoolTimeout) is { } timeout)
            values.Duration(PoolTimeout, timeout, t => (options.ReplicaPool ??= new()).Timeout = t, "ReplicaPool.Timeout");
        if (Value(LagThreshold) is { } lag)
            values.Duration(LagThreshold, lag, t => options.LagThreshold = t, nameof(options.LagThreshold));
        if (Value(PoolRecycle) is { } recycle)
            values.Duration(PoolRecycle, recycle, t => options.ConnectionLifetime = t, nameof(options.ConnectionLifetime));

        CheckNames(options, names);
    }

    private static void CheckNames(RoutingOptions options, IEnumerable<string> names)
    {
        foreach (var name in names.Order(StringComparer.Ordinal).Where(static n => !EnvironmentNames.Contains(n, StringComparer.OrdinalIgnoreCase)))
        {
            // Anybody's variable may be named nearly as DATABASE_URL is: worth a word only where the primary is missing.
            if (Suggestion.Closest(name, EnvironmentNames) is Url)
            {
                options.PrimarySuggestion ??= $"{name} is set: did you mean {Url}?";
                continue;
            }

            if (name.StartsWith("READ_REPLICA", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ENABLE_READ_REPLICA", StringComparison.OrdinalIgnoreCase)
                || Suggestion.Closest(name, EnvironmentNames) is not null)
            {
                options.SourceFailures.Add(
                    $"{name} is no setting.{Suggestion.DidYouMean(name, EnvironmentNames)} The READ_REPLICA_ names are {string.Join(", ", EnvironmentNames.Where(static n => n.StartsWith("READ_REPLICA_", StringComparison.Ordinal)))}.");
            }
        }
    }

    /// <summary>A bad value as messages show it: not where it looks like a connection string in the wrong place.</summary>
    private static string Shown(string name, string text) =>
        IsPlain(text) ? $"{name} is '{text}'" : $"{name} holds something else (withheld: it could hold a password)";

    private static bool IsPlain(string text) => !IsConnectionString(text) && !text.Contains('@', StringComparison.Ordinal);

    private static bool IsConnectionString(string text) => text.Contains('=', StringComparison.Ordinal) || PostgresUrl.HasScheme(text);

    private static List<ReplicaOptions>? SplitUrls(string text, List<string> failures)
    {
        // A comma is a plain character in the values of Npgsql's form, and common in generated passwords: what separates
        // depends on the form of the first entry, and never on a guess.
        var urls = PostgresUrl.HasScheme(text);
        var replicas = new List<ReplicaOptions>();
        var entries = text.Split(urls ? ',' : '|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < entries.Length; i++)
        {
            var origin = string.Create(CultureInfo.InvariantCulture, $"{Urls}, entry {i + 1}");
            if (urls ? PostgresUrl.HasScheme(entries[i]) : entries[i].Contains('=', StringComparison.Ordinal))
            {
                replicas.Add(new ReplicaOptions { ConnectionString = entries[i], Origin = origin });
                continue;
            }

            // The parts of a list that was cut in the wrong places say nothing that could be shown, or counted.
            failures.Add(urls
                ? $"{origin}: this is no URL. The value begins with a URL, so a comma separates entries: inside a URL write a comma as %2C, and " +
                  "separate connection strings of the form Host=...;Username=... with '|' throughout."
                : $"{origin}: this is no connection string. The value doesn't begin with a URL, so '|' separates entries, each of the form " +
                  "Host=...;Username=...; a URL can hold a '|' as %7C.");
            return null;
        }

        return replicas;
    }

    private static void SetWeights(RoutingOptions options, string text, Values values)
    {
        if (!IsPlain(text))
        {
            options.ReplicaSourceFailures.Add($"{Shown(Weights, text)}: write a number for each replica, with a comma between two of them.");
            return;
        }

        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length != options.Replicas.Count)
        {
            options.ReplicaSourceFailures.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{Weights} has {parts.Length} weights ('{text}') for {options.Replicas.Count} replicas: write one for each, with a comma between two of them, a point for decimals."));
            return;
        }

        for (var i = 0; i < parts.Length; i++)
        {
            var origin = string.Create(CultureInfo.InvariantCulture, $"{Weights}, entry {i + 1},");
            if (values.Weight(origin, parts[i]) is not { } weight)
                continue;
            options.Replicas[i].Weight = weight;
            options.SetOrigin(string.Create(CultureInfo.InvariantCulture, $"Weight{i}"), weight, origin);
        }
    }

    private const string Poolers = "None or PgBouncerTransaction";
    private const string Consistencies = "Eventual, BoundedStaleness, ReadYourWrites or Strong";

    private sealed class SectionReader(RoutingOptions options, IConfiguration configuration, IConfigurationSection section)
    {
        private readonly Values _values = new(options, options.SourceFailures);
        private readonly Values _replicaValues = new(options, options.ReplicaSourceFailures);

        public void Read()
        {
            options.SectionPath = section.Path;
            CheckKeys(section, SectionKeys, options.SourceFailures);
            if (section[nameof(options.Name)] is { } name)
                Take(nameof(options.Name), options.Name = name);
            ReadPrimary();
            ReadReplicas();
            if (Text(nameof(options.EnableReadReplicas)) is { } enable && _values.Boolean(Path(nameof(options.EnableReadReplicas)), enable) is { } enabled)
                options.EnableReadReplicas = enabled;
            options.ReplicaPool = ReadPool(nameof(options.ReplicaPool)) ?? options.ReplicaPool;
            options.PrimaryPool = ReadPool(nameof(options.PrimaryPool)) ?? options.PrimaryPool;
            Duration(nameof(options.ConnectionLifetime), t => options.ConnectionLifetime = t);
            Duration(nameof(options.LagThreshold), t => options.LagThreshold = t);
            Duration(nameof(options.StartupTimeout), t => options.StartupTimeout = t);
            Duration(nameof(options.ProbeInterval), t => options.ProbeInterval = t);
            Duration(nameof(options.ProbeTimeout), t => options.ProbeTimeout = t);
            Duration(nameof(options.ReadYourWritesWait), t => options.ReadYourWritesWait = t);
            ReadTokenKeys();
            Choice<ReadConsistency>(nameof(options.DefaultReadConsistency), Consistencies, consistency => options.DefaultReadConsistency = consistency);
            Number(nameof(options.PrimaryReadLimit), n => options.PrimaryReadLimit = n);
            Number(nameof(options.MaxConcurrentConnects), n => options.MaxConcurrentConnects = n);
            Number(nameof(options.ApplicationInstances), n => options.ApplicationInstances = n);
            Choice<OverloadPolicy>(nameof(options.Overload), "Shed or ServeStale", policy => options.Overload = policy);
            Choice<ServerProvider>(nameof(options.Provider), "Auto, Standard or Aurora", provider => options.Provider = provider);
            Choice<BalancingMode>(nameof(options.Balancing), "Default, RoundRobin, LeastInFlight or Nearest", mode => options.Balancing = mode);
            if (Text(nameof(options.Region)) is { } region)
                Take(nameof(options.Region), options.Region = region);
            Choice<Pooler>(nameof(options.Pooler), Poolers, pooler => options.Pooler = pooler);
            if (Text(nameof(options.PrimaryProbe)) is { } probe)
                Take(nameof(options.PrimaryProbe), options.PrimaryProbe = Resolve(probe, Path(nameof(options.PrimaryProbe)), options.SourceFailures));
            Choice<StartupCheck>(nameof(options.StartupCheck), "Strict, Degraded or Off", check => options.StartupCheck = check);
        }

        private string Path(string key) => $"{section.Path}:{key}";

        private string? Text(string key) => section[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

        private void Take(string property, object? value) => options.SetOrigin(property, value, Path(property));

        private void Duration(string key, Action<TimeSpan> set)
        {
            if (Text(key) is { } text)
                _values.Duration(Path(key), text, set, key);
        }

        private void Number(string key, Action<int> set)
        {
            if (Text(key) is { } text)
                _values.Number(Path(key), text, set, key);
        }

        private void ReadPrimary()
        {
            var key = nameof(options.Primary);
            if (Text(key) is { } text)
            {
                options.Primary = Resolve(text, Path(key), options.SourceFailures);
                options.PrimaryUnresolved = options.Primary is null;
                Take(key, options.Primary);
                return;
            }

            // Only the default section may take the unnamed default: two data sources on one primary are a slip.
            if (section.Key.Equals(RoutingOptions.DefaultSection, StringComparison.OrdinalIgnoreCase)
                && configuration["ConnectionStrings:Primary"] is { } named && !string.IsNullOrWhiteSpace(named))
            {
                options.Primary = named;
                options.SetOrigin(key, named, "ConnectionStrings:Primary");
            }
            else if (!string.IsNullOrWhiteSpace(configuration[key]) && !section.Exists())
            {
                options.PrimaryUnresolved = true;
                options.SourceFailures.Add(
                    $"{Path(key)} is missing, but the configuration that was passed has a 'Primary' itself: pass the configuration that holds the section, not the section.");
            }
            else if (!section.Exists() && configuration.GetChildren().FirstOrDefault(c => c.GetChildren().Any() && Suggestion.Closest(c.Key, [section.Path]) is not null) is { } near)
            {
                options.PrimarySuggestion = $"There is a section '{near.Key}': did you mean '{section.Path}'?";
            }
        }

        private void ReadReplicas()
        {
            var list = section.GetSection(nameof(options.Replicas));
            var entries = list.GetChildren().ToArray();
            if (!string.IsNullOrWhiteSpace(list.Value))
                options.ReplicaSourceFailures.Add($"{list.Path} is a list, not a single value: write {list.Path}:0 for the first replica, {list.Path}:1 for the second.");

            // A section that is read a second time, for a registration made twice, doesn't name its replicas twice.
            for (var i = options.Replicas.Count - 1; i >= 0; i--)
            {
                if (options.Replicas[i]?.Origin is { } origin && entries.Any(e => e.Path == origin))
                    options.Replicas.RemoveAt(i);
            }

            foreach (var entry in entries)
            {
                // An entry is a connection string, or a section with one; of several sources one may give it a weight only.
                var replica = new ReplicaOptions { Origin = entry.Path };
                CheckKeys(entry, ReplicaKeys, options.ReplicaSourceFailures);
                var connectionString = entry.Value ?? entry[nameof(replica.ConnectionString)];
                replica.Name = entry[nameof(replica.Name)];
                replica.Group = entry[nameof(replica.Group)];
                replica.Region = entry[nameof(replica.Region)];
                var path = $"{entry.Path}:{nameof(replica.Weight)}";
                if (entry[nameof(replica.Weight)] is { } text && !string.IsNullOrWhiteSpace(text) && _replicaValues.Weight(path, text.Trim()) is { } weight)
                {
                    replica.Weight = weight;
                    options.SetOrigin(string.Create(CultureInfo.InvariantCulture, $"Weight{options.Replicas.Count}"), weight, path);
                }

                var key = $"{nameof(options.Replicas)}:{entry.Key}";
                Choice<Pooler>($"{key}:{nameof(replica.Pooler)}", Poolers, pooler => replica.Pooler = pooler, options.ReplicaSourceFailures);
                if (Text($"{key}:{nameof(replica.Probe)}") is { } probe)
                    replica.Probe = Resolve(probe, Path($"{key}:{nameof(replica.Probe)}"), options.ReplicaSourceFailures);
                if (!string.IsNullOrWhiteSpace(connectionString))
                {
                    replica.ConnectionString = Resolve(connectionString.Trim(), entry.Path, options.ReplicaSourceFailures);
                    replica.ConnectionStringUnresolved = replica.ConnectionString is null;
                }

                options.Replicas.Add(replica);
            }
        }

        private void ReadTokenKeys()
        {
            var keys = section.GetSection(nameof(options.TokenKeys)).GetChildren().Select(static k => k.Value ?? "").ToArray();
            if (keys.Length > 0)
                options.TokenKeys = [.. keys];
            else if (!string.IsNullOrWhiteSpace(section[nameof(options.TokenKeys)]))
                options.SourceFailures.Add($"{Path(nameof(options.TokenKeys))} is a list, not a single value: write {Path(nameof(options.TokenKeys))}:0 for the key that signs.");
        }

        private PoolOptions? ReadPool(string key)
        {
            var entry = section.GetSection(key);
            if (!string.IsNullOrWhiteSpace(entry.Value))
                options.SourceFailures.Add($"{entry.Path} is no single value: write {string.Join(", ", PoolKeys.Select(k => $"{entry.Path}:{k}"))}.");
            if (!entry.GetChildren().Any())
                return null;
            CheckKeys(entry, PoolKeys, options.SourceFailures);
            var pool = new PoolOptions();
            if (Text($"{key}:{nameof(pool.Size)}") is { } size)
                _values.Number(Path($"{key}:{nameof(pool.Size)}"), size, n => pool.Size = n, $"{key}.{nameof(pool.Size)}");
            if (Text($"{key}:{nameof(pool.MaxOverflow)}") is { } overflow)
                _values.Number(Path($"{key}:{nameof(pool.MaxOverflow)}"), overflow, n => pool.MaxOverflow = n, $"{key}.{nameof(pool.MaxOverflow)}");
            if (Text($"{key}:{nameof(pool.Timeout)}") is { } timeout)
                _values.Duration(Path($"{key}:{nameof(pool.Timeout)}"), timeout, t => pool.Timeout = t, $"{key}.{nameof(pool.Timeout)}");
            return pool;
        }

        private void Choice<T>(string key, string members, Action<T> set, List<string>? failures = null)
            where T : struct, Enum
        {
            if (Text(key) is not { } text)
                return;

            // Not Enum.TryParse alone: that takes numbers, too.
            if (char.IsAsciiLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var member))
                set(member);
            else
                (failures ?? options.SourceFailures).Add($"{Shown(Path(key), text)}: it must be {members}.");
        }

        private string? Resolve(string text, string path, List<string> failures)
        {
            if (IsConnectionString(text))
                return text;
            if (configuration[$"ConnectionStrings:{text}"] is { } named && !string.IsNullOrWhiteSpace(named))
                return named;

            // Something like user:password@host without its scheme isn't shown.
            var shown = text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
            failures.Add(
                $"{path}{(shown ? $" is '{text}', which" : "")} is neither a URL (postgresql://...), nor a connection string (Host=...), nor the name of an entry in ConnectionStrings." +
                (shown ? Suggestion.DidYouMean(text, configuration.GetSection("ConnectionStrings").GetChildren().Select(static c => c.Key)) : ""));
            return null;
        }

        private static void CheckKeys(IConfigurationSection parent, string[] known, List<string> failures)
        {
            foreach (var child in parent.GetChildren())
            {
                if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                    failures.Add($"{child.Path} is no setting.{Suggestion.DidYouMean(child.Key, known)} The keys are {string.Join(", ", known)}.");
                else if (!NestedKeys.Contains(child.Key, StringComparer.OrdinalIgnoreCase) && child.GetChildren().FirstOrDefault() is { } below)
                    failures.Add($"{below.Path} is no setting: {child.Path} is a single value.");
            }
        }
    }

    /// <summary>Reads values; a bad one becomes a failure that says what it should be.</summary>
    private sealed class Values(RoutingOptions options, List<string> failures)
    {
        public bool? Boolean(string name, string text)
        {
            switch (text.ToUpperInvariant())
            {
                case "TRUE" or "1" or "YES" or "ON":
                    return true;
                case "FALSE" or "0" or "NO" or "OFF":
                    return false;
                default:
                    failures.Add($"{Shown(name, text)}: it must be true or false.");
                    return null;
            }
        }

        public void Number(string name, string text, Action<int> set, string property)
        {
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                set(number);
                options.SetOrigin(property, number, name);
            }
            else
            {
                failures.Add($"{Shown(name, text)}: it must be a whole number from 0 to 10,000.");
            }
        }

        public double? Weight(string name, string text)
        {
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight))
                return weight;
            failures.Add($"{Shown(name, text)}: a weight is a number, 0 or more, with a point for decimals.");
            return null;
        }

        public void Duration(string name, string text, Action<TimeSpan> set, string property)
        {
            // A bare number is seconds; TimeSpan would read days.
            TimeSpan duration;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) <= 1e9)
                duration = TimeSpan.FromSeconds(seconds);
            else if (!text.Contains(':', StringComparison.Ordinal) || !TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration))
            {
                failures.Add($"{Shown(name, text)}: it must be a number of seconds (30) or hh:mm:ss (00:00:30).");
                return;
            }

            set(duration);
            options.SetOrigin(property, duration, name);
        }
    }
}
