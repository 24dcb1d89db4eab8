using CompileTimeRouting.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting;

/// <summary>Checks the nodes before anything else of the host starts, and those that were down until they are good.</summary>
internal sealed class StartupCheckService(Func<RoutedDataSource> source, ILogger logger) : IHostedLifecycleService, IDisposable
{
    /// <summary>How long to wait between two checks of the nodes that are down.</summary>
    internal static readonly TimeSpan RecheckInterval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private Task _rechecking = Task.CompletedTask;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // Made here and not injected: bad options then fail the host's start with the validation's own message.
        var checkedSource = source();
        if (checkedSource.StartupCheck == StartupCheck.Off)
            return;
        var snapshot = await checkedSource.VerifyAsync(cancellationToken).ConfigureAwait(false);
        if (snapshot.IsHealthy)
            return;
        if (checkedSource.StartupCheck == StartupCheck.Strict)
            throw new ClusterVerificationException(snapshot);
        Log.StartedDegraded(
            logger, snapshot.Nodes.Count(static n => n.State == NodeState.Down), snapshot.Nodes.Length, RecheckInterval.TotalSeconds);
        _rechecking = RecheckAsync(checkedSource, _stopping.Token);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _rechecking.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task RecheckAsync(RoutedDataSource checkedSource, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(RecheckInterval);
        try
        {
            while (!checkedSource.GetSnapshot().IsHealthy && await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                try
                {
                    await checkedSource.CheckAsync(static state => state == NodeState.Down, stopping).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException and not ObjectDisposedException)
                {
                    Log.RecheckFailed(logger, e);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The host stops, or the data source is gone: there is nothing left to check.
        }
    }
}
