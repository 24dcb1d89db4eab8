using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Consistency;

/// <summary>A primary and two standbys that tests share; each leaves them as they were.</summary>
public sealed class SessionCluster : IAsyncLifetime
{
    private PostgresCluster? _nodes;

    public PostgresCluster Nodes => _nodes!;

    public async ValueTask InitializeAsync() => _nodes = await Clusters.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_nodes is not null)
            await _nodes.DisposeAsync();
    }
}
