using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.AspNetCore.Sessions;

/// <summary>One consistency session for each request.</summary>
internal sealed partial class RoutingSessionMiddleware(
    RequestDelegate next, RoutedDataSource source, TokenTransport transport, RoutingSessionOptions options, ILogger logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using var session = transport.Begin(source, context);
        if (ReadsFromPrimary(context))
            session.ReadsFromPrimary = true;
        context.Response.OnStarting(transport.Starting, session);
        try
        {
            await next(context).ConfigureAwait(false);

            // Where nothing was sent yet, there is still time to do it here rather than in the server's callback.
            if (!context.Response.HasStarted)
                await transport.TellAsync(session).ConfigureAwait(false);
            else if (TokenTransport.IsUntold(session))
                WroteTooLate(logger, context.Request.Method, context.Request.Path);
        }
        finally
        {
            // What goes on without the request must not keep it. Only the answer to an error, yet to come, still takes the token along.
            if (!session.HasNewWrites || context.Response.HasStarted)
                session.Carrier = null;
        }
    }

    private bool ReadsFromPrimary(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IReadRoutingMetadata>()?.ReadsFromPrimary
        ?? (options.UnsafeMethodsReadFromPrimary && RequestKind.IsUnsafe(context.Request));

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} wrote after its response had begun: its client's next request may not see that. Write before the first byte of the response.")]
    private static partial void WroteTooLate(ILogger logger, string method, PathString path);
}
