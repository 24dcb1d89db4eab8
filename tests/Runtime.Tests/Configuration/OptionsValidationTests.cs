using Microsoft.Extensions.Options;

namespace CompileTimeRouting.Runtime.Tests.Configuration;

public class OptionsValidationTests
{
    private static RoutingOptions Options(Action<RoutingOptions>? change = null)
    {
        var options = new RoutingOptions
        {
            Primary = "Host=db1;Username=u;Password=p;Database=shop",
            Replicas =
            [
                new() { ConnectionString = "postgresql://u:p@db2/shop" },
                new() { ConnectionString = "postgresql://u:p@db3/shop" },
            ],
        };
        change?.Invoke(options);
        return options;
    }

    private static string[] Failures(RoutingOptions options) =>
        [.. Assert.Throws<OptionsValidationException>(options.Validate).Failures];

    public static TheoryData<string, Action<RoutingOptions>> Valid => new()
    {
        { "as it is", _ => { } },
        { "no replicas", o => o.Replicas.Clear() },
        { "fractions", o => Weights(o, 0.6, 0.4) },
        { "fractions, rounded", o => Weights(o, 0.66, 0.33) },
        { "whole numbers", o => Weights(o, 3, 2) },
        { "percent", o => Weights(o, 60, 40) },
        { "one drained", o => Weights(o, 1, 0) },
        { "one fraction alone", o => { o.Replicas.RemoveAt(1); Weights(o, 0.5); } },
        { "fractions by group", o => { o.Replicas.Add(new() { ConnectionString = "Host=db4;Username=u;Database=shop", Group = "g" }); o.Replicas.Add(new() { ConnectionString = "Host=db5;Username=u;Database=shop", Group = "g" }); Weights(o, 0.5, 0.5, 0.9, 0.1); } },
        { "same host, other port", o => o.Replicas[1].ConnectionString = "postgresql://u:p@db2:5433/shop" },
        { "same pooler, other database", o => o.Replicas[1].ConnectionString = "postgresql://u:p@db2/shop_ro" },
        { "switched off, replicas unusable", o => { o.EnableReadReplicas = false; o.Replicas = [new(), null!, new() { ConnectionString = "nonsense", Weight = -1 }]; } },
        { "pool of overflow only", o => o.ReplicaPool = new() { Size = 0, MaxOverflow = 5 } },
        { "a region with a replica", o => { o.Region = "west"; o.Replicas[1].Region = "east"; } },
        { "a region without replicas", o => { o.Region = "west"; o.Replicas.Clear(); } },
        { "a pooler before all but one", o => { o.Pooler = Pooler.PgBouncerTransaction; o.Replicas[0].Pooler = Pooler.None; o.PrimaryProbe = "Host=db9"; } },
        { "no lifetime", o => o.ConnectionLifetime = TimeSpan.Zero },
        { "least timeout", o => o.ReplicaPool = new() { Timeout = TimeSpan.FromMilliseconds(1) } },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void Is_valid(string what, Action<RoutingOptions> change)
    {
        Assert.NotEmpty(what);
        Options(change).Validate();
    }

    public static TheoryData<string, Action<RoutingOptions>> Invalid => new()
    {
        { "DefaultReadConsistency is '9': it must be Eventual, BoundedStaleness, ReadYourWrites or Strong.", o => o.DefaultReadConsistency = (ReadConsistency)9 },
        { "Balancing is '9': it must be Default, RoundRobin, LeastInFlight or Nearest.", o => o.Balancing = (BalancingMode)9 },
        { "Provider is '7': it must be Auto, Standard or Aurora.", o => o.Provider = (ServerProvider)7 },
        { "Region is 'west': it prefers nothing while no replica has a Region", o => o.Region = "west" },
        { "Region looks like a connection string (withheld", o => o.Region = "Host=h;Password=p" },
        { "Replicas[1]: the region looks like a connection string (withheld", o => o.Replicas[1].Region = "Host=h;Password=p" },
        { "MaxConcurrentConnects is '0': it must be from 1", o => o.MaxConcurrentConnects = 0 },
        { "ApplicationInstances is '0': it must be from 1", o => o.ApplicationInstances = 0 },
        { "Replicas[1]: Pooler is '7': it must be", o => o.Replicas[1].Pooler = (Pooler)7 },
        { "Replicas[0]: 'Options' sets a session up", o => { o.Pooler = Pooler.PgBouncerTransaction; o.Replicas[0].ConnectionString += "?options=-c%20work_mem%3D1MB"; } },
        { "Replicas[0]: Probe: this is neither a URL", o => o.Replicas[0].Probe = "nonsense" },
        { "PrimaryProbe: this is neither a URL", o => o.PrimaryProbe = "nonsense" },
        { "Primary is missing", o => o.Primary = null },
        { "Primary is missing", o => o.Primary = "  " },
        { "Primary: this is neither a URL", o => o.Primary = "nonsense" },
        { "Replicas[1]: this is neither a URL", o => o.Replicas[1].ConnectionString = "nonsense" },
        { "Replicas[0]: there is no ConnectionString", o => o.Replicas[0].ConnectionString = null },
        { "Replicas[0] is null", o => o.Replicas[0] = null! },
        { "Replicas is null", o => o.Replicas = null! },
        { "Replicas[0]: Weight is -1: a weight is a number, 0 or more", o => Weights(o, -1, 1) },
        { "Replicas[0]: Weight is NaN: a weight is a number", o => Weights(o, double.NaN, 1) },
        { "Replicas[1]: Weight is Infinity: a weight is a number", o => Weights(o, 1, double.PositiveInfinity) },
        { "(0, 0) leave none in service", o => Weights(o, 0, 0) },
        { "(0.6, 0.3) look like fractions but add up to 0.9", o => Weights(o, 0.6, 0.3) },
        { "(0.6, 0.6) look like fractions but add up to 1.2", o => Weights(o, 0.6, 0.6) },
        { "(0.98, 0) look like fractions", o => Weights(o, 0.98, 0) },
        { "Replicas[1]: Weight is 1, less than a thousandth", o => Weights(o, 10_000, 1) },
        { "Replicas[1]: DB2:5432/shop is named by Replicas[0] already", o => o.Replicas[1].ConnectionString = "Host=DB2;Username=x;Database=shop" },
        { "Replicas[0]: db1:5432/shop is the primary (Primary)", o => o.Replicas[0].ConnectionString = "postgresql://u:p@db1/shop" },
        { "the name 'replica-1' is that of Replicas[0] already", o => o.Replicas[1].Name = "replica-1" },
        { "the name 'primary' is that of the primary already", o => o.Replicas[1].Name = "primary" },
        { "the name 'primary-read-only' is that of the primary's read-only pool already", o => o.Replicas[1].Name = "primary-read-only" },
        { "Replicas[0]: the name holds control characters", o => o.Replicas[0].Name = "a\u0007b" },
        { "Primary: it names several hosts", o => o.Primary = "Host=a,b" },
        { "Primary: 'Maximum Pool Size' is 0", o => o.Primary += ";Maximum Pool Size=0" },
        { "Primary: 'Minimum Pool Size' is 5, above 'Maximum Pool Size', which is 2", o => o.Primary += ";Minimum Pool Size=5;Maximum Pool Size=2" },
        { "Primary: 'Pooling' is false, but a pool size is configured", o => { o.Primary += ";Pooling=false"; o.PrimaryPool = new() { Size = 5 }; } },
        { "Primary: 'Connection Lifetime' is -5", o => o.Primary += ";Connection Lifetime=-5" },
        { "ReplicaPool.Size is '-1': it must be from 0 to 10,000", o => o.ReplicaPool = new() { Size = -1 } },
        { "PrimaryPool.Size is '10001': it must be from 0 to 10,000", o => o.PrimaryPool = new() { Size = 10_001 } },
        { "ReplicaPool.MaxOverflow is '-1': it must be from 0 to 10,000", o => o.ReplicaPool = new() { Size = 1, MaxOverflow = -1 } },
        { "ReplicaPool.Size and ReplicaPool.MaxOverflow are both 0", o => o.ReplicaPool = new() { Size = 0, MaxOverflow = 0 } },
        { "ReplicaPool.Timeout is 0 seconds: it must be more than 0", o => o.ReplicaPool = new() { Timeout = TimeSpan.Zero } },
        { "ReplicaPool.Timeout is 1025 seconds: it must be more than 0 seconds, at most 1024", o => o.ReplicaPool = new() { Timeout = TimeSpan.FromSeconds(1025) } },
        { "ConnectionLifetime is -1 seconds: it must be from 0 seconds", o => o.ConnectionLifetime = TimeSpan.FromSeconds(-1) },
        { "LagThreshold is 0 seconds: it must be more than 0 seconds, at most one day", o => o.LagThreshold = TimeSpan.Zero },
        { "LagThreshold is 172800 seconds", o => o.LagThreshold = TimeSpan.FromDays(2) },
        { "StartupTimeout is 0.001 seconds: it must be from 0.1 to 300 seconds", o => o.StartupTimeout = TimeSpan.FromMilliseconds(1) },
        { "StartupCheck is '7': it must be Strict, Degraded or Off", o => o.StartupCheck = (StartupCheck)7 },
        { "Name is null", o => o.Name = null! },
        { "Name is ' a': it must neither begin nor end with a blank", o => o.Name = " a" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Is_refused(string said, Action<RoutingOptions> change)
    {
        var failures = Failures(Options(change));
        Assert.Single(failures, f => f.Contains(said, StringComparison.Ordinal));
        Assert.True(failures.Length == 1, string.Join('\n', failures));
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var failures = Failures(Options(o =>
        {
            o.Primary = null;
            o.Replicas[0].ConnectionString = "nonsense";
            o.Replicas[1].Weight = -1;
            o.LagThreshold = TimeSpan.Zero;
            o.ReplicaPool = new() { Size = -1 };
        }));

        Assert.Equal(5, failures.Length);
    }

    [Fact]
    public void Pool_options_become_Npgsqls()
    {
        var plan = ClusterPlan.Create(Options(o =>
        {
            o.ReplicaPool = new() { Size = 20, MaxOverflow = 30, Timeout = TimeSpan.FromSeconds(2.5) };
            o.ConnectionLifetime = TimeSpan.FromMinutes(30);
        }));

        Assert.All(plan.Replicas, r => Assert.Equal(
            (20, 50, 3, 1800), (r.Settings.MinPoolSize, r.Settings.MaxPoolSize, r.Settings.Timeout, r.Settings.ConnectionLifetime)));
        Assert.Equal((0, 100, 15, 1800), (plan.Primary.Settings.MinPoolSize, plan.Primary.Settings.MaxPoolSize, plan.Primary.Settings.Timeout, plan.Primary.Settings.ConnectionLifetime));
    }

    [Theory]
    [InlineData(null, null, 0, 100)]
    [InlineData(5, null, 5, 100)]
    [InlineData(200, null, 200, 200)]
    [InlineData(5, 0, 5, 5)]
    [InlineData(5, 10, 5, 15)]
    [InlineData(null, 10, 0, 10)]
    public void Half_a_pool_option_leaves_the_other_half_as_it_was(int? size, int? overflow, int minimum, int maximum)
    {
        var plan = ClusterPlan.Create(Options(o => o.PrimaryPool = new() { Size = size, MaxOverflow = overflow }));
        Assert.Equal((minimum, maximum), (plan.Primary.Settings.MinPoolSize, plan.Primary.Settings.MaxPoolSize));
    }

    [Fact]
    public void Names_count_by_position_and_carry_the_prefix()
    {
        var plan = ClusterPlan.Create(Options(o =>
        {
            o.Name = "shop";
            o.Replicas[0].Name = "east";
        }));

        Assert.Equal(["shop:primary", "shop:east", "shop:replica-2"], [plan.Primary.Name, .. plan.Replicas.Select(r => r.Name)]);
    }

    private static void Weights(RoutingOptions options, params double[] weights)
    {
        for (var i = 0; i < weights.Length; i++)
            options.Replicas[i].Weight = weights[i];
    }
}
