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

    // Who is refused the login, the database or a permission, or asks for what isn't supported (classes 28, 3D, 42 and 0A), will
    // be so later, too: that is the application's own fault.
    private static bool MayPass(RouteAttempt attempt) => attempt.SqlState is not { Length: 5 } state || state[..2] is not ("28" or "3D" or "42" or "0A");

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
                case RoutedCallException { MayHaveWritten: false } call when call.Attempts.Any(MayPass):
                    return "No database server could serve this at the moment.";
            }
        }

        return null;
    }
}
