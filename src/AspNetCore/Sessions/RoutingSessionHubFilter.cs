using Microsoft.AspNetCore.SignalR;

namespace CompileTimeRouting.AspNetCore.Sessions;

/// <summary>One consistency session for each connection to a hub, whatever its transport.</summary>
internal sealed class RoutingSessionHubFilter(RoutedDataSource source) : IHubFilter
{
    private static readonly object Key = new();

    public Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var session = source.CreateSession();
        context.Context.Items[Key] = session;
        return RunAsync(session, () => next(context));
    }

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        using var use = source.UseSession(Of(invocationContext.Context));
        return await next(invocationContext).ConfigureAwait(false);
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        using var session = Of(context.Context);
        await RunAsync(session, () => next(context, exception)).ConfigureAwait(false);
    }

    private static ConsistencySession Of(HubCallerContext context) => (ConsistencySession)context.Items[Key]!;

    private async Task RunAsync(ConsistencySession session, Func<Task> call)
    {
        using var use = source.UseSession(session);
        await call().ConfigureAwait(false);
    }
}
