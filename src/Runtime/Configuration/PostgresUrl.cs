using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>Reads <c>postgresql://user:password@host:port/database?name=value</c>, as libpq does where Npgsql can follow.</summary>
internal static class PostgresUrl
{
    private const string Form = "postgresql://user:password@host:port/database";

    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

    /// <summary>Whether the text begins as a URL does, of whatever scheme.</summary>
    public static bool HasScheme(string text)
    {
        var end = text.IndexOf("://", StringComparison.Ordinal);
        return end > 0 && text.AsSpan(0, end).IndexOfAnyExcept(SchemeCharacters) < 0;
    }

    public static bool IsPostgres(string text) =>
        text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    public static void Read(string text, NpgsqlConnectionStringBuilder settings, string setting, ICollection<string> failures)
    {
        if (!IsPostgres(text))
        {
            failures.Add(text.StartsWith("postgres", StringComparison.OrdinalIgnoreCase)
                ? $"{setting}: the URL names a driver in its scheme. Begin it with postgresql:// alone."
                : $"{setting}: the URL is of another scheme than postgresql:// or postgres://. Write {Form}.");
            return;
        }

        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        var end = rest.IndexOfAny(['/', '?']);
        if (end < 0)
            end = rest.Length;

        // With an unencoded character in the password everything after it would be taken for something else, and shown.
        if (at != rest.LastIndexOf('@') || at > end || rest.Contains('#', StringComparison.Ordinal))
        {
            failures.Add(
                $"{setting}: the URL can't be taken apart for certain, because of an unencoded '@', '/', '?' or '#'. In user name, password " +
                "and parameters write '@' as %40, '/' as %2F, '?' as %3F, '#' as %23 and '%' as %25.");
            return;
        }

        var parts = new Parts(settings, setting, failures);
        if (at >= 0)
            ReadUser(rest[..at], parts);

        // Without user information, what stands where the host is expected can be a user and a password without their host.
        ReadHost(rest[(at + 1)..end], parts, show: at >= 0);
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        if (end < rest.Length && rest[end] == '/')
        {
            var database = rest[(end + 1)..(query < 0 ? rest.Length : query)];
            if (database.Length > 0)
                parts.Decode(database, "database", value => settings.Database = value);
        }

        if (query >= 0)
            ReadParameters(rest[(query + 1)..], parts, show: at >= 0);
    }

    private static void ReadUser(string information, Parts parts)
    {
        var colon = information.IndexOf(':', StringComparison.Ordinal);
        var user = colon < 0 ? information : information[..colon];
        if (user.Length > 0)
            parts.Decode(user, "user name", value => parts.Settings.Username = value);
        if (colon >= 0 && colon + 1 < information.Length)
            parts.Decode(information[(colon + 1)..], "password", value => parts.Settings.Password = value);
    }

    private static void ReadHost(string authority, Parts parts, bool show)
    {
        if (authority.Contains(',', StringComparison.Ordinal))
        {
            parts.Fail(
                "the URL names several hosts, but one entry is one node, with a pool, a weight and a state of its own. Give each host an entry; " +
                "a comma in user name, password or database is written %2C");
            return;
        }

        var host = authority;
        string? port = null;
        if (authority.StartsWith('['))
        {
            var end = authority.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || !(end + 1 == authority.Length || authority[end + 1] == ':')
                || !IPAddress.TryParse(authority.AsSpan(1, end - 1), out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            {
                parts.Fail("what stands in brackets is no IPv6 address. Write postgresql://user@[2001:db8::1]:5432/database");
                return;
            }

            host = authority[1..end];
            port = end + 1 < authority.Length ? authority[(end + 2)..] : null;
        }
        else if (authority.Contains(':', StringComparison.Ordinal))
        {
            if (authority.IndexOf(':', StringComparison.Ordinal) != authority.LastIndexOf(':'))
            {
                parts.Fail("the host has several colons. An IPv6 address stands in brackets: postgresql://user@[2001:db8::1]:5432/database");
                return;
            }

            var colon = authority.IndexOf(':', StringComparison.Ordinal);
            host = authority[..colon];
            port = authority[(colon + 1)..];
        }

        if (host.Length > 0)
            parts.Decode(host, "host", value => parts.Settings.Host = value);
        if (string.IsNullOrEmpty(port))
            return;
        if (NodeConnectionString.TryPort(port, out var number))
            parts.Settings.Port = number;
        else
            parts.Fail($"the port{(show ? $" '{port}'" : "")} is none: it must be a number from 1 to 65535. The form is {Form}");
    }

    private static void ReadParameters(string query, Parts parts, bool show)
    {
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                parts.Fail("a parameter after the '?' has no name or no value. Write ?name=value&name=value");
                continue;
            }

            parts.Decode(parameter[..equals], "name of a parameter", name =>
                parts.Decode(parameter[(equals + 1)..], $"value of '{name}'", value => SetParameter(name, value, parts, show)));
        }
    }

    private static void SetParameter(string name, string value, Parts parts, bool show)
    {
        var settings = parts.Settings;
        if (ConnectionKeywords.Refused.TryGetValue(name, out var reason))
        {
            parts.Fail($"the parameter '{name}' can't be used: {reason}");
        }
        else if (name == "sslrootcert" && value == "system")
        {
            // The system's certificates are what Npgsql verifies with where no file is named; libpq then insists on verify-full.
            settings.SslMode = SslMode.VerifyFull;
        }
        else if (name == "fallback_application_name" && settings.ApplicationName is not null)
        {
            return;
        }
        else if (ConnectionKeywords.Libpq.TryGetValue(name, out var keyword))
        {
            NodeConnectionString.Set(settings, keyword, value, name, parts.Setting, parts.Failures);
        }
        else if (settings.ContainsKey(name))
        {
            NodeConnectionString.Set(settings, name, value, name, parts.Setting, parts.Failures);
        }
        else
        {
            var closest = Suggestion.Closest(name, ConnectionKeywords.Libpq.Keys.Order(StringComparer.Ordinal).Concat(ConnectionKeywords.Npgsql));
            parts.Fail(
                $"{(show || closest is not null ? $"the parameter '{name}'" : "a parameter after the '?'")} is unknown; URLs take " +
                $"libpq's names and Npgsql's keywords.{(closest is null ? " Take it out" : $" Did you mean '{closest}'?")}");
        }
    }

    private sealed class Parts(NpgsqlConnectionStringBuilder settings, string setting, ICollection<string> failures)
    {
        public NpgsqlConnectionStringBuilder Settings { get; } = settings;

        public string Setting { get; } = setting;

        public ICollection<string> Failures { get; } = failures;

        public void Fail(string what) => Failures.Add($"{Setting}: {what}{(what[^1] is '.' or '?' ? "" : ".")}");

        public void Decode(string text, string part, Action<string> use)
        {
            for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])
                    || text.AsSpan(i + 1, 2) is "00")
                {
                    Fail($"the {part} holds a '%' that begins no percent-encoded character. A '%' of its own is written %25");
                    return;
                }
            }

            use(Uri.UnescapeDataString(text));
        }
    }
}
