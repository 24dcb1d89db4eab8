using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization.Metadata;
using CompileTimeRouting.AspNetCore.Dashboard.Answers;
using Microsoft.AspNetCore.Http;

namespace CompileTimeRouting.AspNetCore.Dashboard;

/// <summary>Answers the page, from what is known.</summary>
internal sealed class DashboardEndpoints(RoutingDashboardOptions options)
{
    // All that the page needs comes from beside it; nothing of it is inline.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private static readonly string Page = Encoding.UTF8.GetString(DashboardFile.Read("dashboard.html"));

    public static Task PageAsync(HttpContext context)
    {
        Protect(context.Response);
        context.Response.Headers.ContentSecurityPolicy = ContentPolicy;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(Page.Replace("{{base}}", HtmlEncoder.Default.Encode(Beside(context.Request)), StringComparison.Ordinal), context.RequestAborted);
    }

    public async Task StateAsync(HttpContext context)
    {
        var cluster = await context.RequestServices.RoutedDataSource(options.ServiceKey).SnapshotAsync(context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, StateAnswer.Of(cluster, options.IncludeHosts), DashboardJson.Default.StateAnswer).ConfigureAwait(false);
    }

    public static Task RoutesAsync(HttpContext context) => WriteAsync(context, RouteAnswer.All(), DashboardJson.Default.IReadOnlyListRouteAnswer);

    public static void Protect(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }

    // Relative, so that it holds behind a proxy that serves the application under another path.
    private static string Beside(HttpRequest request)
    {
        var path = (request.PathBase + request.Path).ToUriComponent();
        var last = path[(path.LastIndexOf('/') + 1)..];
        return last.Length == 0 ? "" : $"./{last}/";
    }

    private static Task WriteAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type)
    {
        Protect(context.Response);
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(answer, type, cancellationToken: context.RequestAborted);
    }
}
