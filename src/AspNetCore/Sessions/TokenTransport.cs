using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.AspNetCore.Sessions;

/// <summary>Reads tokens from requests and writes them to responses.</summary>
internal sealed partial class TokenTransport
{
    // Not a token of any history: whoever begins from it asks for all that was written before.
    private const string Unknown = "unknown";

    private readonly RoutingSessionOptions _options;
    private readonly TokenProtector _protector;
    private readonly ILogger _logger;
    private readonly string? _cookie;

    public TokenTransport(RoutingSessionOptions options, TokenProtector protector, ILogger logger)
    {
        (_options, _protector, _logger) = (options, protector, logger);
        _cookie = CookieNameOf(options);
        Starting = session => TellAsync((ConsistencySession)session);
    }

    /// <summary>
    /// Called by the server with the session, before the response's head is sent. Made once: a request allocates nothing to be
    /// called back.
    /// </summary>
    public Func<object, Task> Starting { get; }

    /// <summary>The cookie that tokens travel in; null for none.</summary>
    public static string? CookieNameOf(RoutingSessionOptions options) => options.UseCookie ? options.Cookie.Name ?? NameOf(options.ServiceKey) : null;

    /// <summary>Begins the request's session, from what its client sent.</summary>
    public ConsistencySession Begin(RoutedDataSource source, HttpContext context)
    {
        var session = Begin(source, context.Request);
        session.Carrier = context;
        session.WillExport = true;
        return session;
    }

    /// <summary>Whether the client will not hear of what was written.</summary>
    public static bool IsUntold(ConsistencySession session) => session is { HasNewWrites: true, Carrier: not null };

    /// <summary>Tells the client, where there is something to tell, once.</summary>
    public Task TellAsync(ConsistencySession session)
    {
        if (!session.HasNewWrites || session.Carrier is not HttpContext context)
            return Task.CompletedTask;
        session.Carrier = null;
        return WriteAsync(context, session);
    }

    private ConsistencySession Begin(RoutedDataSource source, HttpRequest request)
    {
        var text = _options.HeaderName is { } header ? request.Headers[header].ToString() : null;

        if (string.IsNullOrEmpty(text) && _cookie is not null && request.Headers.Cookie is var cookies && CookieHeader.Mentions(cookies, _cookie))
        {
            if (_protector.Recent(CookieHeader.ValueOf(cookies, _cookie)) is { } recent)
                return source.BeginSession(recent);
            text = request.Cookies[_cookie];
        }

        if (string.IsNullOrEmpty(text))
            return source.BeginSession();

        // What Data Protection makes has no dot. A token that has one is one of the data source's own, which a hub or a job has
        // handed to the client; it counts where it is signed.
        if (text.Contains('.', StringComparison.Ordinal))
            return source.BeginSession(text, requireSignature: true);
        return _protector.Unprotect(text, out var refused) is { } token ? source.BeginSession(token) : source.BeginSessionForRefusedToken(refused);
    }

    private async Task WriteAsync(HttpContext context, ConsistencySession session)
    {
        var token = await ExportAsync(session).ConfigureAwait(false);
        string text;
        try
        {
            text = _protector.Protect(token);
        }
        catch (CryptographicException e)
        {
            NotProtected(_logger, e, context.Request.Method, context.Request.Path);
            return;
        }

        var response = context.Response;
        if (_options.HeaderName is { } header)
            response.Headers[header] = text;
        if (_cookie is not null)
        {
            var cookie = _options.Cookie.Build(context);
            cookie.MaxAge = _options.TokenLifetime;
            response.Cookies.Append(_cookie, text, cookie);
        }

        // It is this client's alone, whatever the response is otherwise.
        if (response.GetTypedHeaders().CacheControl is not ({ NoStore: true } or { Private: true, PrivateHeaders.Count: 0 }))
            response.Headers.CacheControl = "no-store";
    }

    // What was written is written: that the primary can't say now what it came to is no failure of the request.
    private async Task<string> ExportAsync(ConsistencySession session)
    {
        using var end = new CancellationTokenSource(_options.ExportTimeout);
        try
        {
            return await session.ExportAsync(end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or OperationCanceledException or TimeoutException or IOException or ObjectDisposedException)
        {
            return Unknown;
        }
    }

    private static string NameOf(object? key) => key is null ? ".CompileTimeRouting.Session" : $".CompileTimeRouting.Session.{Uri.EscapeDataString(key.ToString() ?? "")}";

    [LoggerMessage(LogLevel.Error, "Data Protection failed: the client of {Method} {Path} gets no token, and its next request may not see what this one wrote.")]
    private static partial void NotProtected(ILogger logger, Exception exception, string method, PathString path);
}
