using CompileTimeRouting.DevCluster.Leftovers;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace CompileTimeRouting.DevCluster.Containers;

/// <summary>Finds containers and networks by label, and removes those whose owner is dead.</summary>
internal static class ContainerLeftovers
{
    private const string ClusterLabel = "compiletimerouting.cluster";
    private const string OwnerLabel = "compiletimerouting.owner";

    public static IReadOnlyDictionary<string, string> Labels(string cluster) => new Dictionary<string, string>
    {
        [ClusterLabel] = cluster,
        [OwnerLabel] = Owner.Current.ToString(),
    };

    public static Task SweepDeadAsync(DockerClient client, Action<string> log, CancellationToken cancellationToken) =>
        RemoveAsync(client, ClusterLabel, labels => labels.TryGetValue(OwnerLabel, out var owner) && Owner.Parse(owner)?.IsDead() == true, log, cancellationToken);

    public static Task RemoveClusterAsync(DockerClient client, string cluster) =>
        RemoveAsync(client, $"{ClusterLabel}={cluster}", _ => true, _ => { }, CancellationToken.None);

    private static async Task RemoveAsync(DockerClient client, string label, Func<IDictionary<string, string>, bool> chosen, Action<string> log, CancellationToken cancellationToken)
    {
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [label] = true } };
        var containers = await client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filters }, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(containers.Where(c => chosen(c.Labels)).Select(async container =>
        {
            log($"removing container {container.Names.FirstOrDefault()}, left by a run that crashed");
            await IgnoringGoneAsync(client.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancellationToken)).ConfigureAwait(false);
        })).ConfigureAwait(false);
        var networks = await client.Networks.ListNetworksAsync(new NetworksListParameters { Filters = filters }, cancellationToken).ConfigureAwait(false);
        foreach (var network in networks.Where(n => chosen(n.Labels)))
            await IgnoringGoneAsync(client.Networks.DeleteNetworkAsync(network.ID, cancellationToken)).ConfigureAwait(false);
    }

    private static async Task IgnoringGoneAsync(Task removal)
    {
        try
        {
            await removal.ConfigureAwait(false);
        }
        catch (DockerApiException e) when (e.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Conflict)
        {
            // Another start removes it too.
        }
    }
}
