using Docker.DotNet;
using DotNet.Testcontainers.Configurations;

namespace CompileTimeRouting.DevCluster;

/// <summary>The container engine of this machine (Docker, or what speaks its API).</summary>
public static class ContainerEngine
{
    private const string Advice = "Start Docker, or set DOCKER_HOST to where it is.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Asks the engine for its version.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether an engine answers; why not and what to do, if it does not.</returns>
    public static async Task<ContainerEngineAvailability> IsAvailableAsync(CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var client = CreateClient();
            var version = await client.System.GetVersionAsync(limit.Token).ConfigureAwait(false);
            return new ContainerEngineAvailability(true, $"container engine {version.Version}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ContainerEngineAvailability(false, $"The container engine does not answer within {Patience.TotalSeconds:0} s. {Advice}");
        }
        catch (DockerApiException e) when (e.Message.Contains("API version", StringComparison.OrdinalIgnoreCase))
        {
            return new ContainerEngineAvailability(false, $"The container engine is too old for this client: {e.Message.Trim()} Set DOCKER_API_VERSION to the version it names.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever the transport throws: there is no engine for us.
            return new ContainerEngineAvailability(false, $"No container engine answers: {e.Message} {Advice}");
        }
    }

    internal static DockerClient CreateClient() => Endpoint().GetDockerClientBuilder().Build();

    internal static IDockerEndpointAuthenticationConfiguration Endpoint() =>
        TestcontainersSettings.OS.DockerEndpointAuthConfig
            ?? throw new PostgresClusterException("no Docker endpoint was found.");
}
