using System.Runtime.CompilerServices;

namespace CompileTimeRouting.AspNetCore;

/// <summary>
/// The check of nodes that were never asked: one for all who want to know at the same time, as a check opens a connection to
/// each node, and anybody may ask for <c>health</c>.
/// </summary>
internal sealed class FirstCheck
{
    private static readonly ConditionalWeakTable<RoutedDataSource, FirstCheck> Checks = [];

    private readonly Lock _lock = new();
    private Task<ClusterSnapshot>? _running;

    public static Task<ClusterSnapshot> RunAsync(RoutedDataSource source, CancellationToken cancellationToken) =>
        Checks.GetOrCreateValue(source).JoinAsync(source, cancellationToken);

    // Whoever goes away doesn't end it for the others.
    private Task<ClusterSnapshot> JoinAsync(RoutedDataSource source, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_running is not { IsCompleted: false })
                _running = source.VerifyAsync(CancellationToken.None);
            return _running.WaitAsync(cancellationToken);
        }
    }
}
