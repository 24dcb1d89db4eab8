using Docker.DotNet.Models;

namespace CompileTimeRouting.DevCluster.Tests;

/// <summary>How clusters of containers begin and end.</summary>
public sealed class ContainerLifetimeTests
{
    private const string Label = "compiletimerouting.cluster";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_crashed_run_left_is_removed_by_the_next_start()
    {
        await RequireEngineAsync();
        var before = await ContainersAsync();
        using var crashed = await Child.StartAsync(ClusterBackend.Containers, major: null);
        Assert.Equal("", crashed.Failure);
        var its = (await ContainersAsync()).Except(before).ToList();
        await crashed.KillAsync();
        Assert.Equal(1, await Servers.QueryAsync<int>(crashed.ConnectionString, "select 1"));

        await using (await PostgresCluster.StartAsync(new PostgresClusterOptions { Backend = ClusterBackend.Containers, Replicas = 0 }, Token))
        {
            // Of another test's cluster at most: those are alive.
            await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => Servers.QueryAsync<int>(crashed.ConnectionString, "select 1"));
            Assert.True(its.Except(await ContainersAsync()).Count() >= 2);
        }
    }

    [Fact]
    public async Task An_engine_that_can_not_be_used_is_explained()
    {
        // Nor may an unprivileged user use the engine's socket.
        var user = await Child.RequireNormalUserAsync();
        using var child = await Child.StartAsync(ClusterBackend.Containers, major: null, prefix: user.Prefix, environment: new() { ["DOCKER_HOST"] = "tcp://127.0.0.1:1" });
        Assert.Contains("container engine", child.Failure, StringComparison.Ordinal);
        Assert.Contains("Start Docker, or set DOCKER_HOST", child.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_named()
    {
        await RequireEngineAsync();
        var e = await Assert.ThrowsAsync<PostgresClusterException>(() => PostgresCluster.StartAsync(
            new PostgresClusterOptions { Backend = ClusterBackend.Containers, Replicas = 0, Image = "localhost:1/no/such:image" }, Token));
        Assert.Contains("localhost:1/no/such:image", e.Message, StringComparison.Ordinal);
        Assert.Contains("CTR_POSTGRES_IMAGE", e.Message, StringComparison.Ordinal);
    }

    private static async Task RequireEngineAsync()
    {
        if (await ContainerEngine.IsAvailableAsync(Token) is { IsAvailable: false, Reason: var reason })
            Assert.Skip(reason);
    }

    private static async Task<List<string>> ContainersAsync()
    {
        using var client = ContainerEngine.CreateClient();
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [Label] = true } };
        var containers = await client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filters }, Token);
        return [.. containers.Select(c => c.ID)];
    }
}
