using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Faults;

[assembly: AssemblyFixture(typeof(Clusters))]

namespace CompileTimeRouting.Faults;

/// <summary>A primary and two standbys for one scenario after the other; one that can't be put back as it was is replaced.</summary>
public sealed class Clusters : IAsyncLifetime
{
    private PostgresCluster? _cluster;

    internal async Task<PostgresCluster> TakeAsync()
    {
        if (_cluster is { } kept)
        {
            _cluster = null;
            return kept;
        }

        return await PostgresCluster.StartAsync(new PostgresClusterOptions
        {
            Replicas = 2,
            Settings =
            {
                // Of 100 connections, 50 are for superusers: few enough are left that a crowd fills them soon.
                ["max_connections"] = "100",
                ["superuser_reserved_connections"] = "50",
                ["autovacuum"] = "off",
            },
        });
    }

    /// <summary>Takes a cluster back; one that isn't as it was ends here.</summary>
    internal async Task ReturnAsync(PostgresCluster cluster, bool isSpoiled)
    {
        if (!isSpoiled && await IsWholeAsync(cluster))
            _cluster = cluster;
        else
            await cluster.DisposeAsync();
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    private static async Task<bool> IsWholeAsync(PostgresCluster cluster)
    {
        if (cluster.Nodes.Any(static n => n.State != PostgresNodeState.Running))
            return false;
        try
        {
            if (await cluster.Primary.IsInRecoveryAsync())
                return false;
            await cluster.WaitUntilCaughtUpAsync();
            return true;
        }
        catch (PostgresClusterException)
        {
            return false;
        }
    }
}
