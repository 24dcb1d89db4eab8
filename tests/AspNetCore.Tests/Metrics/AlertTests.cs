using System.Diagnostics;
using System.Text.RegularExpressions;
using CompileTimeRouting.AspNetCore.Tests.Hosting;

namespace CompileTimeRouting.AspNetCore.Tests.Metrics;

/// <summary>The alert rules of docs/prometheus.</summary>
public sealed partial class AlertTests
{
    [Theory]
    [InlineData("check rules alerts.yml")]
    [InlineData("test rules alerts.test.yml")]
    public async Task The_rules_hold(string command)
    {
        using var process = Process.Start(new ProcessStartInfo(Prometheus.Find("promtool"), command.Split(' '))
        {
            WorkingDirectory = Prometheus.Rules,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await errors);
        Assert.Contains("SUCCESS", await output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_of_the_sample_that_is_killed_fires_the_alert_in_a_real_prometheus()
    {
        var program = Prometheus.Find("prometheus");
        await using var cluster = await WebCluster.StartAsync();
        await using var sample = await SampleProcess.StartAsync(cluster);

        // A copy of the rules, without the minutes that they wait for.
        var rules = For().Replace(await File.ReadAllTextAsync(Path.Combine(Prometheus.Rules, "alerts.yml")), "for: 1s");
        await using var prometheus = await Prometheus.StartAsync(program, sample.Client.BaseAddress!, rules);
        await Waiting.UntilAsync(async () => await prometheus.SeriesAsync("postgresql_replica_up") == 2, "Prometheus has scraped");
        Assert.Empty(await prometheus.FiringAsync());

        await cluster.Replicas[0].KillAsync();

        await Waiting.UntilAsync(async () => (await prometheus.FiringAsync()).Contains("PostgreSQLReplicaDown replica-1"), "PostgreSQLReplicaDown fires");
        Assert.DoesNotContain("PostgreSQLReplicaDown replica-2", await prometheus.FiringAsync());

        await cluster.Replicas[0].StartAsync();
        await Waiting.UntilAsync(async () => (await prometheus.FiringAsync()).Length == 0, "the alert is over");
    }

    [GeneratedRegex(@"for: \d+[sm]")]
    private static partial Regex For();
}
