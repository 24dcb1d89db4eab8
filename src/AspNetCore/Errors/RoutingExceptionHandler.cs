using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace CompileTimeRouting.AspNetCore.Errors;

/// <summary>Answers 503 where no server may serve a call at the moment.</summary>
internal sealed class RoutingExceptionHandler(RoutingExceptionHandlerOptions options) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (DetailOf(exception) is not { } detail)
            return false;
        httpContext.Response.Headers.RetryAfter = Math.Ceiling(options.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        httpContext.Response.Headers.CacheControl = "no-store";
        await TypedResults.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(httpContext).ConfigureAwait(false);
        return true;
    }

    // What wraps it may be EF Core's, or the application's own. The exceptions themselves name servers.
    private static string? DetailOf(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case PrimaryUnavailableException:
                    return "No database server takes writes at the moment.";
                case ReadOverloadException:
                    return "The database serves as many reads as it can at the moment.";
                // Who is refused everywhere will be so later, too: that is the application's own fault.
                case RoutedCallException { MayHaveWritten: false } call when call.Attempts.Any(static a => !a.IsRefused):
                    return "No database server could serve this at the moment.";
            }
        }

        return null;
    }
}
