using CompileTimeRouting.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting;

/// <summary>Checks the nodes before anything else of the host starts. From then on the data source watches them itself.</summary>
internal sealed class StartupCheckService(Func<RoutedDataSource> source, ILogger logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // Made here and not injected: bad options then fail the host's start with the validation's own message.
        var checkedSource = source();
        if (checkedSource.StartupCheck == StartupCheck.Off)
            return;
        var snapshot = await checkedSource.VerifyAsync(cancellationToken).ConfigureAwait(false);
        if (snapshot.IsHealthy)
            return;
        if (checkedSource.StartupCheck == StartupCheck.Strict || (snapshot.Primary is null && snapshot.Nodes[0].IsRefused))
            throw new ClusterVerificationException(snapshot, checkedSource.StartupCheck);
        Log.StartedDegraded(logger, snapshot.Nodes.Count(static n => n.Problem is not null), snapshot.Nodes.Length);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
