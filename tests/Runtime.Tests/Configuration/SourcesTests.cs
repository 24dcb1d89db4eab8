using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace CompileTimeRouting.Runtime.Tests.Configuration;

public class SourcesTests
{
    private static RoutingOptions Read(params (string Key, string? Value)[] settings) => Read("Routing", settings);

    private static RoutingOptions Read(string section, params (string Key, string? Value)[] settings) => RoutingOptions.FromConfiguration(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build(), section);

    private static string[] Failures(params (string Key, string? Value)[] settings) =>
        [.. Assert.Throws<OptionsValidationException>(Read(settings).Validate).Failures];

    [Fact]
    public void The_section_has_the_names_of_the_options()
    {
        var options = Read(
            ("Routing:Name", "shop"), ("Routing:Primary", "Host=a"), ("Routing:EnableReadReplicas", "false"),
            ("Routing:Replicas:0:ConnectionString", "Host=b"), ("Routing:Replicas:0:Name", "east"), ("Routing:Replicas:0:Weight", "2.5"),
            ("Routing:Replicas:0:Group", "analytics"), ("Routing:Replicas:1", "Host=c"),
            ("Routing:ReplicaPool:Size", "5"), ("Routing:ReplicaPool:MaxOverflow", "10"), ("Routing:ReplicaPool:Timeout", "2.5"),
            ("Routing:PrimaryPool:Size", "7"), ("Routing:ConnectionLifetime", "01:00:00"), ("Routing:LagThreshold", "30"),
            ("Routing:StartupCheck", "degraded"), ("Routing:StartupTimeout", "00:00:03"));

        options.Validate();
        Assert.Equal(("shop", "Host=a", false), (options.Name, options.Primary, options.EnableReadReplicas));
        Assert.Equal([("east", "Host=b", 2.5, "analytics"), (null, "Host=c", 1, null)], options.Replicas.Select(r => (r.Name, r.ConnectionString, r.Weight, r.Group)));
        Assert.Equal((5, 10, TimeSpan.FromSeconds(2.5), 7), (options.ReplicaPool!.Size, options.ReplicaPool.MaxOverflow, options.ReplicaPool.Timeout, options.PrimaryPool!.Size));
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(3)), (options.ConnectionLifetime, options.LagThreshold, options.StartupTimeout));
        Assert.Equal(StartupCheck.Degraded, options.StartupCheck);
    }

    [Fact]
    public void The_default_of_reads_is_read_and_checked()
    {
        Assert.Equal(ReadConsistency.Eventual, Read(("Routing:Primary", "Host=a")).DefaultReadConsistency);
        Assert.Equal(ReadConsistency.ReadYourWrites, Read(("Routing:Primary", "Host=a"), ("Routing:DefaultReadConsistency", "readyourwrites")).DefaultReadConsistency);
        Assert.Equal(
            ["Routing:DefaultReadConsistency is 'session': it must be Eventual, BoundedStaleness, ReadYourWrites or Strong."],
            Failures(("Routing:Primary", "Host=a"), ("Routing:DefaultReadConsistency", "session")));
    }

    [Fact]
    public void Balancing_and_region_are_read_and_checked()
    {
        var options = Read(
            ("Routing:Primary", "Host=a"), ("Routing:Replicas:0:ConnectionString", "Host=b"), ("Routing:Replicas:0:Region", "west"),
            ("Routing:Balancing", "leastinflight"), ("Routing:Region", "west"), ("Routing:Provider", "Aurora"));
        options.Validate();
        Assert.Equal((BalancingMode.LeastInFlight, "west", "west"), (options.Balancing, options.Region, options.Replicas[0].Region));
        Assert.Equal(ServerProvider.Aurora, options.Provider);
        Assert.Equal(
            ["Routing:Balancing is 'random': it must be Default, RoundRobin, LeastInFlight or Nearest."],
            Failures(("Routing:Primary", "Host=a"), ("Routing:Balancing", "random")));
        Assert.Contains("Routing:Region is 'west'", Assert.Single(Failures(("Routing:Primary", "Host=a"), ("Routing:Replicas:0", "Host=b"), ("Routing:Region", "west"))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_section_names_poolers_and_other_ways_for_probes()
    {
        var options = Read(
            ("ConnectionStrings:Direct", "Host=d"), ("Routing:Primary", "Host=a"), ("Routing:Pooler", "pgbouncertransaction"), ("Routing:PrimaryProbe", "Direct"),
            ("Routing:Replicas:0:ConnectionString", "Host=b"), ("Routing:Replicas:0:Pooler", "None"), ("Routing:Replicas:0:Probe", "Host=e"),
            ("Routing:MaxConcurrentConnects", "3"), ("Routing:ApplicationInstances", "12"));
        options.Validate();
        Assert.Equal((Pooler.PgBouncerTransaction, "Host=d", 3, 12), (options.Pooler, options.PrimaryProbe, options.MaxConcurrentConnects, options.ApplicationInstances));
        Assert.Equal((Pooler.None, "Host=e"), (options.Replicas[0].Pooler, options.Replicas[0].Probe));
        Assert.Contains("Routing:Replicas:0:Pooler is 'session': it must be None or PgBouncerTransaction.", Failures(("Routing:Primary", "Host=a"), ("Routing:Replicas:0:ConnectionString", "Host=b"), ("Routing:Replicas:0:Pooler", "session")));
    }

    [Fact]
    public void A_connection_string_may_be_named()
    {
        var options = Read(
            ("ConnectionStrings:Main", "Host=a"), ("ConnectionStrings:Copy", "Host=b"), ("ConnectionStrings:Other", "Host=c"),
            ("Routing:Primary", "Main"), ("Routing:Replicas:0:ConnectionString", "Copy"), ("Routing:Replicas:1", "Other"));

        options.Validate();
        Assert.Equal(("Host=a", "Host=b", "Host=c"), (options.Primary, options.Replicas[0].ConnectionString, options.Replicas[1].ConnectionString));
    }

    [Fact]
    public void Without_a_primary_the_connection_string_Primary_is_taken_but_by_the_default_section_only()
    {
        Assert.Equal("Host=a", Read(("ConnectionStrings:Primary", "Host=a")).Primary);
        Assert.Null(Read("Orders", ("ConnectionStrings:Primary", "Host=a")).Primary);
    }

    [Fact]
    public void The_environment_names_go_before_the_section()
    {
        var options = Read(
            ("Routing:Primary", "Host=x"), ("Routing:Replicas:0", "Host=y"), ("Routing:EnableReadReplicas", "false"), ("Routing:LagThreshold", "1"),
            ("Routing:ReplicaPool:Size", "1"), ("Routing:ReplicaPool:Timeout", "1"),
            ("DATABASE_URL", "postgresql://u:p@a/d"), ("ENABLE_READ_REPLICAS", "true"),
            ("READ_REPLICA_URLS", "postgresql://u:p@b/d, postgresql://u:p@c/d"), ("READ_REPLICA_WEIGHTS", "0.6, 0.4"), ("READ_REPLICA_POOL_SIZE", "20"),
            ("READ_REPLICA_MAX_OVERFLOW", "30"), ("READ_REPLICA_LAG_THRESHOLD", "2.5"), ("DB_POOL_RECYCLE", "3600"));

        options.Validate();
        Assert.Equal("postgresql://u:p@a/d", options.Primary);
        Assert.True(options.EnableReadReplicas);
        Assert.Equal([("postgresql://u:p@b/d", 0.6), ("postgresql://u:p@c/d", 0.4)], options.Replicas.Select(r => (r.ConnectionString, r.Weight)));
        Assert.Equal((20, 30, TimeSpan.FromSeconds(1)), (options.ReplicaPool!.Size, options.ReplicaPool.MaxOverflow, options.ReplicaPool.Timeout));
        Assert.Equal((TimeSpan.FromSeconds(2.5), TimeSpan.FromHours(1)), (options.LagThreshold, options.ConnectionLifetime));
    }

    [Fact]
    public void The_switch_off_works_whatever_is_configured_for_replicas_and_code_can_switch_on_again()
    {
        var options = Read(
            ("DATABASE_URL", "Host=x"), ("ENABLE_READ_REPLICAS", "false"), ("READ_REPLICA_URLS", "postgresql://b,c"), ("READ_REPLICA_WEIGHTS", "x,y,z"),
            ("Routing:Replicas:0:Wieght", "1"), ("Routing:Replicas:1", "Nowhere"));
        options.Validate();

        options.EnableReadReplicas = true;
        Assert.NotEmpty(Assert.Throws<OptionsValidationException>(options.Validate).Failures);
    }

    [Fact]
    public void The_environment_names_are_for_the_default_section()
    {
        var options = Read("Orders", ("Orders:Primary", "Host=x"), ("DATABASE_URL", "postgresql://u:p@a/d"), ("READ_REPLICA_URLS", "postgresql://u:p@b/d"));
        Assert.Equal("Host=x", options.Primary);
        Assert.Empty(options.Replicas);
    }

    [Fact]
    public void Empty_environment_names_count_as_absent()
    {
        var options = Read(("Routing:Primary", "Host=x"), ("DATABASE_URL", ""), ("READ_REPLICA_URLS", " "), ("READ_REPLICA_POOL_SIZE", ""), ("ENABLE_READ_REPLICAS", ""));
        options.Validate();
        Assert.Equal("Host=x", options.Primary);
    }

    [Fact]
    public void The_process_environment_is_read_without_a_configuration()
    {
        var variables = new Dictionary<string, string?> { ["DATABASE_URL"] = "postgresql://u:p@a/d", ["READ_REPLICA_URL"] = "postgresql://u:p@b/d" };
        var options = new RoutingOptions();
        RoutingOptionsReader.ReadEnvironment(options, variables.GetValueOrDefault, variables.Keys);

        Assert.Equal("postgresql://u:p@a/d", options.Primary);
        Assert.Contains("Did you mean 'READ_REPLICA_URLS'?", Assert.Single(options.SourceFailures));
        Assert.NotNull(RoutingOptions.FromEnvironment());
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("FALSE", false)]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("yes", true)]
    [InlineData("off", false)]
    public void Switches_are_read(string text, bool value) =>
        Assert.Equal(value, Read(("Routing:Primary", "Host=x"), ("ENABLE_READ_REPLICAS", text)).EnableReadReplicas);

    [Theory]
    [InlineData("postgresql://b/d,postgresql://c/d,", 2)]
    [InlineData("postgresql://b/d", 1)]
    [InlineData("postgresql://u:a%2Cb@b/d,postgresql://c/d", 2)]
    [InlineData("Host=b;Password=a,b|Host=c", 2)]
    [InlineData("Host=b;Password=a,b", 1)]
    public void Urls_are_separated_by_commas_and_connection_strings_by_bars(string urls, int count)
    {
        var options = Read(("DATABASE_URL", "Host=x"), ("READ_REPLICA_URLS", urls));
        options.Validate();
        Assert.Equal(count, options.Replicas.Count);
    }

    [Theory]
    [InlineData("READ_REPLICA_URLS", "postgresql://u:a,b@b/d", "READ_REPLICA_URLS, entry 2: this is no URL")]
    [InlineData("READ_REPLICA_URLS", "postgresql://b/d,Host=c", "inside a URL write a comma as %2C")]
    [InlineData("READ_REPLICA_URLS", "Host=b|postgresql:c", "entry 2: this is no connection string")]
    [InlineData("READ_REPLICA_URLS", "postgresql://x/d", "READ_REPLICA_URLS, entry 1: x:5432/d is the primary (DATABASE_URL)")]
    [InlineData("READ_REPLICA_WEIGHTS", "0.6,0.4", "READ_REPLICA_WEIGHTS has 2 weights ('0.6,0.4') for 0 replicas")]
    [InlineData("READ_REPLICA_POOL_SIZE", "many", "READ_REPLICA_POOL_SIZE is 'many': it must be a whole number")]
    [InlineData("READ_REPLICA_POOL_SIZE", "-1", "READ_REPLICA_POOL_SIZE is '-1': it must be from 0 to 10,000")]
    [InlineData("READ_REPLICA_MAX_OVERFLOW", "1.5", "READ_REPLICA_MAX_OVERFLOW is '1.5': it must be a whole number")]
    [InlineData("READ_REPLICA_POOL_TIMEOUT", "soon", "READ_REPLICA_POOL_TIMEOUT is 'soon': it must be a number of seconds")]
    [InlineData("READ_REPLICA_POOL_TIMEOUT", "0", "READ_REPLICA_POOL_TIMEOUT is 0 seconds: it must be more than 0")]
    [InlineData("READ_REPLICA_LAG_THRESHOLD", "-5", "READ_REPLICA_LAG_THRESHOLD is -5 seconds: it must be more than 0")]
    [InlineData("READ_REPLICA_LAG_THRESHOLD", "NaN", "READ_REPLICA_LAG_THRESHOLD is 'NaN': it must be a number of seconds")]
    [InlineData("DB_POOL_RECYCLE", "1e12", "DB_POOL_RECYCLE is '1e12': it must be a number of seconds")]
    [InlineData("DB_POOL_RECYCLE", "-1", "DB_POOL_RECYCLE is -1 seconds: it must be from 0")]
    [InlineData("ENABLE_READ_REPLICAS", "maybe", "ENABLE_READ_REPLICAS is 'maybe': it must be true or false")]
    [InlineData("READ_REPLICA_WEIGHT", "1", "READ_REPLICA_WEIGHT is no setting. Did you mean 'READ_REPLICA_WEIGHTS'?")]
    [InlineData("READ_REPLICAS_URLS", "x", "Did you mean 'READ_REPLICA_URLS'?")]
    [InlineData("ENABLE_READ_REPLICA", "true", "Did you mean 'ENABLE_READ_REPLICAS'?")]
    [InlineData("READ_REPLCIA_URLS", "postgresql://y/d", "READ_REPLCIA_URLS is no setting. Did you mean 'READ_REPLICA_URLS'?")]
    [InlineData("ENABEL_READ_REPLICAS", "true", "Did you mean 'ENABLE_READ_REPLICAS'?")]
    [InlineData("DB_POOL_RECYCEL", "60", "DB_POOL_RECYCEL is no setting. Did you mean 'DB_POOL_RECYCLE'?")]
    [InlineData("Routing:Replicas", "postgresql://y/d", "Routing:Replicas is a list, not a single value: write Routing:Replicas:0")]
    [InlineData("Routing:ReplicaPool", "10", "Routing:ReplicaPool is no single value: write Routing:ReplicaPool:Size")]
    [InlineData("Routing:Primary:ConnectionString", "Host=y", "Routing:Primary:ConnectionString is no setting: Routing:Primary is a single value")]
    [InlineData("READ_REPLICA_FLAVOUR", "x", "READ_REPLICA_FLAVOUR is no setting. The READ_REPLICA_ names are READ_REPLICA_URLS,")]
    [InlineData("Routing:Primry", "x", "Routing:Primry is no setting. Did you mean 'Primary'?")]
    [InlineData("Routing:Replica:0", "x", "Routing:Replica is no setting. Did you mean 'Replicas'?")]
    [InlineData("Routing:ReplicaPool:Sise", "1", "Routing:ReplicaPool:Sise is no setting. Did you mean 'Size'?")]
    [InlineData("Routing:Replicas:0:Wieght", "1", "Routing:Replicas:0:Wieght is no setting. Did you mean 'Weight'?")]
    [InlineData("Routing:Replicas:0:Name", "a", "Routing:Replicas:0: there is no ConnectionString")]
    [InlineData("Routing:Replicas:0", "Nowhere", "Routing:Replicas:0 is 'Nowhere', which is neither a URL")]
    [InlineData("Routing:LagThreshold", "5 days", "Routing:LagThreshold is '5 days': it must be a number of seconds (30) or hh:mm:ss")]
    [InlineData("Routing:StartupCheck", "Lenient", "Routing:StartupCheck is 'Lenient': it must be Strict, Degraded or Off")]
    [InlineData("Routing:StartupCheck", "1", "Routing:StartupCheck is '1': it must be Strict, Degraded or Off")]
    [InlineData("Routing:EnableReadReplicas", "2", "Routing:EnableReadReplicas is '2': it must be true or false")]
    public void A_bad_setting_is_named_with_its_source(string key, string value, string said)
    {
        var failures = Failures(("DATABASE_URL", "postgresql://u@x/d"), (key, value));
        Assert.Contains(failures, f => f.Contains(said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DATABSE_URL", "postgresql://u:s3cret@x/d", "DATABSE_URL is set: did you mean DATABASE_URL?")]
    [InlineData("Routng:Primary", "postgresql://u:s3cret@x/d", "There is a section 'Routng': did you mean 'Routing'?")]
    public void A_missing_primary_is_looked_for_under_names_that_are_nearly_right(string key, string value, string said)
    {
        Assert.EndsWith(said, Assert.Single(Failures((key, value))));
        Read(("Routing:Primary", "Host=a"), (key, value)).Validate();
    }

    [Fact]
    public void A_missing_primary_is_named_by_its_own_section() =>
        Assert.StartsWith("Orders:Primary is missing: ", Assert.Single(Assert.Throws<OptionsValidationException>(Read("Orders").Validate).Failures));

    [Fact]
    public void An_entry_that_is_a_connection_string_may_have_a_weight_from_another_source()
    {
        var replica = Assert.Single(Read(("Routing:Primary", "Host=a"), ("Routing:Replicas:0", "Host=b"), ("Routing:Replicas:0:Weight", "3")).Replicas);
        Assert.Equal(("Host=b", 3), (replica.ConnectionString, replica.Weight));
    }

    [Fact]
    public void A_bad_weight_is_named_by_where_it_stands()
    {
        var failures = Failures(
            ("DATABASE_URL", "Host=x"), ("READ_REPLICA_URLS", "Host=a|Host=b"), ("READ_REPLICA_WEIGHTS", "-1,two"));
        Assert.Equal(2, failures.Length);
        Assert.Contains(failures, f => f.StartsWith("READ_REPLICA_WEIGHTS, entry 1, is -1", StringComparison.Ordinal));
        Assert.Contains(failures, f => f.StartsWith("READ_REPLICA_WEIGHTS, entry 2, is 'two'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_that_is_no_connection_string_gets_a_suggestion()
    {
        var failure = Assert.Single(Failures(("ConnectionStrings:Main", "Host=a"), ("Routing:Primary", "Mian")));
        Assert.Contains("Routing:Primary is 'Mian'", failure);
        Assert.Contains("Did you mean 'Main'?", failure);
    }

    [Fact]
    public void A_url_without_its_scheme_isnt_shown() =>
        Assert.DoesNotContain("s3cret", Assert.Single(Failures(("Routing:Primary", "user:s3cret@host/db"))));

    [Fact]
    public void The_section_itself_instead_of_its_parent_is_told()
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection([new("Routing:Primary", "Host=a")]).Build();
        var options = RoutingOptions.FromConfiguration(root.GetSection("Routing"));
        Assert.Contains("pass the configuration that holds the section", Assert.Single(Assert.Throws<OptionsValidationException>(options.Validate).Failures));
    }

    [Fact]
    public void What_code_sets_after_reading_is_named_as_code()
    {
        var options = Read(("DATABASE_URL", "Host=a"));
        options.Primary = "nonsense";
        Assert.StartsWith("Primary: ", Assert.Single(Assert.Throws<OptionsValidationException>(options.Validate).Failures));
    }
}
