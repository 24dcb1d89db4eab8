using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.AspNetCore.Tests.Hosting;

/// <summary>Servers of their own for the tests that keep replicas behind, one after the other.</summary>
public sealed class LaggingCluster : IAsyncLifetime
{
    private PostgresCluster? _nodes;

    public PostgresCluster Nodes => _nodes!;

    public async ValueTask InitializeAsync() => _nodes = await WebCluster.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_nodes is not null)
            await _nodes.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class WithReplicasBehind : ICollectionFixture<LaggingCluster>
{
    public const string Name = "replicas behind";
}
