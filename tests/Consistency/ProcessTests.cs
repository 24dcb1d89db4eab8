using CompileTimeRouting.Consistency.Processes;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Consistency;

/// <summary>Tokens between this process and another one, each with a data source of its own.</summary>
public sealed class ProcessTests(SessionCluster shared) : IClassFixture<SessionCluster>, IAsyncLifetime
{
    private readonly string _key = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(static i => (byte)i)]);
    private long _version;

    private PostgresCluster Cluster => shared.Nodes;

    private RoutingOptions Options()
    {
        var options = Clusters.Options(Cluster);
        options.TokenKeys = [_key];
        return options;
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in Cluster.Replicas)
        {
            await replica.ResumeReplayAsync();
            await replica.SetApplyDelayAsync(TimeSpan.Zero);
        }

        await Cluster.WaitUntilCaughtUpAsync();
    }

    [Fact]
    public async Task A_session_goes_on_in_another_process_and_comes_back_however_far_replicas_are_behind()
    {
        await using var here = await Clusters.OpenAsync(Cluster, o => o.TokenKeys = [_key]);
        await using var there = await OtherProcess.StartAsync(Options());
        Assert.NotEqual(Environment.ProcessId, there.Id);
        var ports = new HashSet<int>();
        foreach (var delay in new[] { 0, 20, 200 })
        {
            foreach (var replica in Cluster.Replicas)
                await replica.SetApplyDelayAsync(TimeSpan.FromMilliseconds(delay));
            for (var round = 0; round < 25; round++)
                ports.Add(await GoAndComeBackAsync(here, there, id: 20 + (round % 4), signed: round % 2 == 0));
        }

        Assert.True(ports.Overlaps(Cluster.Replicas.Select(static r => r.Port)), "No replica served a read.");
    }

    [Fact]
    public async Task Without_its_token_the_other_process_knows_nothing_of_the_session()
    {
        await using var here = await Clusters.OpenAsync(Cluster, o => o.TokenKeys = [_key]);
        await using var there = await OtherProcess.StartAsync(Options());
        await Cluster.WaitUntilCaughtUpAsync();
        foreach (var replica in Cluster.Replicas)
            await replica.PauseReplayAsync();
        using var session = here.BeginSession();
        await new Counters(here).WriteAsync(30, 1);
        var (plain, signed) = (await session.ExportAsync(), await session.ExportSignedAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal(0, (await there.ReadAsync("", requireSignature: false, 30)).Version);
        Assert.Equal(new Reading(1, Cluster.Primary.Port), await there.ReadAsync(plain, requireSignature: false, 30));
        Assert.Equal(new Reading(1, Cluster.Primary.Port), await there.ReadAsync(signed, requireSignature: true, 30));

        // What isn't signed where it has to be, or was changed on its way, asks for all there is.
        Assert.Equal(1, (await there.ReadAsync(plain, requireSignature: true, 30)).Version);
        Assert.Equal(1, (await there.ReadAsync(signed[..^2] + "AA", requireSignature: true, 30)).Version);
    }

    /// <returns>The port that served the read over there.</returns>
    private async Task<int> GoAndComeBackAsync(RoutedDataSource here, OtherProcess there, long id, bool signed)
    {
        var counters = new Counters(here);
        string token;
        using (var session = here.BeginSession())
        {
            await counters.WriteAsync(id, ++_version);
            token = signed ? await session.ExportSignedAsync(TimeSpan.FromMinutes(1)) : await session.ExportAsync();
        }

        var reading = await there.ReadAsync(token, signed, id);
        Assert.True(reading.Version == _version, $"The other process read {reading.Version} on port {reading.Port} after {_version} was written here.");
        token = await there.WriteAsync(id, ++_version, signed);
        using (here.BeginSession(token, signed))
        {
            var back = await counters.ReadAsync(id);
            Assert.True(back.Version == _version, $"{back.Version} was read on port {back.Port} after {_version} was written by the other process.");
        }

        return reading.Port;
    }
}
