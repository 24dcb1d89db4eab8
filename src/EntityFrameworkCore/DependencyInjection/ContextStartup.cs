using Microsoft.Extensions.Hosting;

namespace CompileTimeRouting.EntityFrameworkCore;

/// <summary>Makes a factory when the host starts: options that can't work then fail the start.</summary>
internal sealed class ContextStartup(Func<object?> factory) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = factory();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
