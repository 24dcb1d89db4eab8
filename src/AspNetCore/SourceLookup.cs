using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore;

/// <summary>Finds data sources, and what is known of them.</summary>
internal static class SourceLookup
{
    public static RoutedDataSource RoutedDataSource(this IServiceProvider services, object? key) => key is null
        ? services.GetRequiredService<RoutedDataSource>()
        : services.GetRequiredKeyedService<RoutedDataSource>(key);

    /// <summary>
    /// What is known of the nodes. Where none was ever asked, because the start-up check is off and nothing was called yet,
    /// they are asked now, once for all who want to know meanwhile; from then on they are watched.
    /// </summary>
    public static ValueTask<ClusterSnapshot> SnapshotAsync(this RoutedDataSource source, CancellationToken cancellationToken)
    {
        var snapshot = source.GetSnapshot();
        return snapshot.Nodes.All(static node => node.LastChecked is null)
            ? new ValueTask<ClusterSnapshot>(FirstCheck.RunAsync(source, cancellationToken))
            : new ValueTask<ClusterSnapshot>(snapshot);
    }
}
