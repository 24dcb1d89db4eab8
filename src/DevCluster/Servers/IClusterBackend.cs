namespace CompileTimeRouting.DevCluster.Servers;

/// <summary>Makes servers and owns what they share: a directory, or a network.</summary>
internal interface IClusterBackend : IAsyncDisposable
{
    /// <summary>Makes and starts a primary and its standbys (all of the same data), the primary first in the list.</summary>
    Task<IReadOnlyList<INodeServer>> CreateAsync(CancellationToken cancellationToken);

    /// <summary>A further server, without data: clone something into it.</summary>
    INodeServer AddEmpty(string name);
}
