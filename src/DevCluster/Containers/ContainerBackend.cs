using CompileTimeRouting.DevCluster.Leftovers;
using CompileTimeRouting.DevCluster.Servers;
using Docker.DotNet;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Networks;
using Microsoft.Extensions.Logging.Abstractions;

namespace CompileTimeRouting.DevCluster.Containers;

/// <summary>Servers as containers on a network of their own.</summary>
internal sealed class ContainerBackend : IClusterBackend
{
    /// <summary>The environment variable that names the image.</summary>
    public const string ImageVariable = "CTR_POSTGRES_IMAGE";

    private const string DefaultImage = "postgres:18";

    private readonly ClusterContext _context;
    private readonly DockerClient _client;
    private readonly INetwork _network;
    private readonly string _image;
    private readonly Action _onExit;
    private readonly List<ContainerServer> _servers = [];

    private ContainerBackend(ClusterContext context, DockerClient client)
    {
        _context = context;
        _client = client;
        _image = context.Options.Image
            ?? (Environment.GetEnvironmentVariable(ImageVariable) is { Length: > 0 } named ? named : DefaultImage);
        _network = new NetworkBuilder()
            .WithName($"ctr-{context.Id}")
            .WithCleanUp(false)
            .WithLogger(NullLogger.Instance)
            .WithLabel(ContainerLeftovers.Labels(context.Id))
            .Build();
        _onExit = () => Task.Run(() => ContainerLeftovers.RemoveClusterAsync(_client, context.Id)).Wait(TimeSpan.FromSeconds(10));
        ExitCleanup.Register(_onExit);
    }

    public static async Task<ContainerBackend> OpenAsync(ClusterContext context, CancellationToken cancellationToken)
    {
        var availability = await ContainerEngine.IsAvailableAsync(cancellationToken).ConfigureAwait(false);
        if (!availability.IsAvailable)
            throw new PostgresClusterException(availability.Reason);
        return new ContainerBackend(context, ContainerEngine.CreateClient());
    }

    public async Task<IReadOnlyList<INodeServer>> CreateAsync(CancellationToken cancellationToken)
    {
        var options = _context.Options;
        for (var i = 0; i <= options.Replicas; i++)
        {
            var name = NodeNames.At(i);
            if (options.PortAt(i) is { } wanted)
                FreePorts.RequireFree(wanted, name);
            _servers.Add(new ContainerServer(_context, _client, _network, _image, name, options.PortAt(i) ?? FreePorts.Next()));
        }
        var sweep = ContainerLeftovers.SweepDeadAsync(_client, _context.Log, cancellationToken);
        _context.Log($"image {_image}");
        try
        {
            await _network.CreateAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DockerApiException e)
        {
            throw new PostgresClusterException($"The container engine could not make a network: {e.Message} Networks left over are removed by: docker network prune", e);
        }
        // The standbys wait for the primary to answer, then copy it.
        var primary = _servers[0];
        await Task.WhenAll(_servers.Select(s => CreateAsync(s, ReferenceEquals(s, primary) ? null : primary, cancellationToken))).ConfigureAwait(false);
        await sweep.ConfigureAwait(false);
        return [.. _servers];
    }

    public INodeServer AddEmpty(string name)
    {
        var server = new ContainerServer(_context, _client, _network, _image, name, FreePorts.Next());
        _servers.Add(server);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        ExitCleanup.Unregister(_onExit);
        await Task.WhenAll(_servers.Select(s => s.DisposeAsync().AsTask())).ConfigureAwait(false);
        await ContainerLeftovers.RemoveClusterAsync(_client, _context.Id).ConfigureAwait(false);
        await _network.DisposeAsync().ConfigureAwait(false);
        _client.Dispose();
    }

    private Task CreateAsync(ContainerServer server, INodeServer? source, CancellationToken cancellationToken) =>
        PortRetry.StartAsync(_context, server.Name, () => server.CreateAsync(source, cancellationToken), server.MoveToFreePort);
}
