using Microsoft.Extensions.Primitives;

namespace CompileTimeRouting.AspNetCore.Sessions;

/// <summary>
/// Looks at a request's cookies where they stand. ASP.NET Core's own collection copies every one of them; what is found here is
/// a reason to spare that, and what isn't is still looked up there.
/// </summary>
internal static class CookieHeader
{
    /// <summary>Whether the collection can have a cookie.</summary>
    /// <param name="header">The values of the request's header.</param>
    /// <param name="name">The cookie's name.</param>
    public static bool Mentions(StringValues header, string name)
    {
        foreach (var line in header)
        {
            // Names in the collection differ by more than their case.
            if (line is not null && line.Contains(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <returns>The cookie's value as it was sent; empty for none. Of several the last one, as in the collection.</returns>
    /// <inheritdoc cref="Mentions" path="/param"/>
    public static ReadOnlySpan<char> ValueOf(StringValues header, string name)
    {
        ReadOnlySpan<char> value = default;
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var cookie = line.AsSpan()[range].Trim();
                if (cookie.Length > name.Length && cookie[name.Length] == '=' && cookie.StartsWith(name, StringComparison.Ordinal))
                    value = cookie[(name.Length + 1)..];
            }
        }

        return value;
    }
}
