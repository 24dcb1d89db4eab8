using Microsoft.AspNetCore.Http;

namespace CompileTimeRouting.AspNetCore;

/// <summary>How <c>UseRoutingSession</c> takes a client's session from one request to the next.</summary>
public sealed class RoutingSessionOptions
{
    /// <summary>Whether the token travels in a cookie. Default: true.</summary>
    public bool UseCookie { get; set; } = true;

    /// <summary>
    /// The cookie. Default: <c>.CompileTimeRouting.Session</c>, with the data source's key behind it where it has one; for
    /// HTTPS only (browsers take <c>http://localhost</c> for that, too), out of scripts' reach, <c>SameSite=Lax</c>, essential.
    /// Its age is <see cref="TokenLifetime"/>.
    /// </summary>
    public CookieBuilder Cookie { get; } = new()
    {
        HttpOnly = true,
        SecurePolicy = CookieSecurePolicy.Always,
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
        Path = "/",
    };

    /// <summary>
    /// The name of a header that the token travels in, both ways: for clients that keep no cookies. Where a request has both,
    /// the header counts. Default: none.
    /// </summary>
    public string? HeaderName { get; set; }

    /// <summary>
    /// How long a token is good for: longer than a replica that serves reads may be behind
    /// (<see cref="RoutingOptions.LagThreshold"/>), since without it nothing is known of what its client wrote. Default: five
    /// minutes.
    /// </summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a response waits for the primary to say what its request's writes came to, more than zero and at most a day; after it the token
    /// asks for everything that is written until it comes back. Default: one second.
    /// </summary>
    public TimeSpan ExportTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether all reads of a request whose method isn't a safe one (POST, PUT, PATCH, DELETE) go to the primary, unless its
    /// endpoint says otherwise (<see cref="AllowReplicaAttribute"/>). Calls of gRPC don't count as such. Default: true.
    /// </summary>
    public bool UnsafeMethodsReadFromPrimary { get; set; } = true;

    /// <summary>The key of the data source, as in <c>AddKeyedRoutedDataSource</c>; null, the default, for the one without.</summary>
    public object? ServiceKey { get; set; }
}
