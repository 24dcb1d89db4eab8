using Microsoft.AspNetCore.SignalR;

namespace CompileTimeRouting.AspNetCore.Sessions;

/// <summary>One consistency session for each connection to a hub, whatever its transport.</summary>
/// <param name="key">The data source's; null for the one without.</param>
internal sealed class RoutingSessionHubFilter(object? key) : IHubFilter
{
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var source = context.ServiceProvider.RoutedDataSource(key);
        var session = source.CreateSession();
        context.Context.Items[this] = session;
        try
        {
            using var use = source.UseSession(session);
            await next(context).ConfigureAwait(false);
        }
        catch
        {
            // Nobody is told of the end of a connection that never was one.
            session.Dispose();
            throw;
        }
    }

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var source = invocationContext.ServiceProvider.RoutedDataSource(key);
        var session = Of(invocationContext.Context);
        var use = source.UseSession(session);
        var isStreamed = false;
        try
        {
            var result = await next(invocationContext).ConfigureAwait(false);
            var stream = HubStream.Take(result, invocationContext.HubMethod.ReturnType, source, session, use);
            isStreamed = stream is not null;
            return stream ?? result;
        }
        finally
        {
            if (!isStreamed)
                use.Dispose();
        }
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        using var session = Of(context.Context);
        using var use = context.ServiceProvider.RoutedDataSource(key).UseSession(session);
        await next(context, exception).ConfigureAwait(false);
    }

    private ConsistencySession Of(HubCallerContext context) => (ConsistencySession)context.Items[this]!;
}
