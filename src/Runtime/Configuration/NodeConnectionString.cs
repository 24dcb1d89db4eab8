using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// Reads one node's connection string, in Npgsql's form or as a URL. What it says about a bad one never repeats text that
/// could be a part of a password, which a misplaced separator can turn into a keyword, a port or a database.
/// </summary>
internal static class NodeConnectionString
{
    /// <param name="text">The connection string or URL.</param>
    /// <param name="setting">Where it stands, for messages.</param>
    /// <param name="failures">Takes what is wrong with it.</param>
    /// <returns>The settings, or null where something is wrong.</returns>
    public static NpgsqlConnectionStringBuilder? Read(string text, string setting, ICollection<string> failures)
    {
        var before = failures.Count;
        var settings = new NpgsqlConnectionStringBuilder();
        text = text.Trim();
        if (PostgresUrl.HasScheme(text))
            PostgresUrl.Read(text, settings, setting, failures);
        else
            ReadKeywords(text, settings, setting, failures);
        if (failures.Count == before)
            CheckNode(settings, setting, failures);
        return failures.Count == before ? settings : null;
    }

    /// <summary>Sets one keyword; a value that Npgsql refuses becomes a failure that names <paramref name="shownKey"/>.</summary>
    public static void Set(
        NpgsqlConnectionStringBuilder settings, string keyword, string value, string shownKey, string setting, ICollection<string> failures)
    {
        try
        {
            settings[keyword] = Normalized(keyword, value);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // Not the exception's text: Npgsql's can hold parts of the string.
            var shown = ConnectionKeywords.IsSecret(keyword) ? "" : $" '{value}'";
            failures.Add($"{setting}: the value{shown} of '{shownKey}' is refused. It must be {ConnectionKeywords.Expected(Canonical(keyword))}.");
        }
    }

    /// <summary>The node as messages name it: host, port and database.</summary>
    public static string Address(NpgsqlConnectionStringBuilder settings) =>
        $"{HostAndPort(settings.Host!, settings.Port)}/{settings.Database ?? settings.Username}";

    public static string HostAndPort(string host, int port) => string.Create(
        CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");

    private static void ReadKeywords(string text, NpgsqlConnectionStringBuilder settings, string setting, ICollection<string> failures)
    {
        var pairs = new DbConnectionStringBuilder();
        try
        {
            pairs.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            failures.Add(
                $"{setting}: this is neither a URL (postgresql://user:password@host:port/database) nor a connection string " +
                "(Host=...;Username=...;Password=...). In a connection string a value with ';', '=' or a quote stands in quotes: Password='a;b'.");
            return;
        }

        foreach (var key in pairs.Keys.Cast<string>().Order(StringComparer.Ordinal))
        {
            if (settings.ContainsKey(key))
            {
                Set(settings, key, Convert.ToString(pairs[key], CultureInfo.InvariantCulture)!, key, setting, failures);
                continue;
            }

            // A keyword that is like none of Npgsql's may be the rest of a password with a ';' in it.
            failures.Add(Suggestion.Closest(key, ConnectionKeywords.Npgsql) is { } closest
                ? $"{setting}: '{key}' is no keyword of a connection string. Did you mean '{closest}'?"
                : $"{setting}: there is a keyword that Npgsql doesn't know (withheld: it could be a part of a password). Take it out, " +
                  "or put the value before it in quotes if it holds a ';'.");
        }
    }

    private static void CheckNode(NpgsqlConnectionStringBuilder settings, string setting, ICollection<string> failures)
    {
        if (string.IsNullOrWhiteSpace(settings.Host))
        {
            failures.Add($"{setting}: there is no host. Name one: Host=... or postgresql://user@host/database.");
            return;
        }

        if (settings.Host.Contains(',', StringComparison.Ordinal))
        {
            failures.Add(
                $"{setting}: it names several hosts, but one entry is one node, with a pool, a weight and a state of its own. Give each host an entry.");
            return;
        }

        SplitPort(settings);
        if (!IsHost(settings.Host))
        {
            failures.Add(
                $"{setting}: what stands in the host's place has characters that no host name has (withheld: it could be a part of a password). " +
                "Check that a host is named, and that '@' and other special characters of the password are percent-encoded or in quotes.");
            return;
        }

        if (settings.Port is < 1 or > 65535)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"{setting}: the port is {settings.Port}: it must be a number from 1 to 65535."));
        if (settings.LoadBalanceHosts)
            failures.Add($"{setting}: 'Load Balance Hosts' is set, but an entry is one node. Take it out; weights say which replica gets how many reads.");
        if (settings.TargetSessionAttributes is { } target && !target.Equals("any", StringComparison.OrdinalIgnoreCase))
        {
            failures.Add(
                $"{setting}: 'Target Session Attributes' is set, but an entry is one node, whose role is found by asking it. Take it out.");
        }

        if (settings.Multiplexing)
        {
            failures.Add(
                $"{setting}: 'Multiplexing' is set, but a routed method has a connection to itself while it runs: transactions and read-only sessions need that. Take it out.");
        }

        if (settings.NoResetOnClose)
        {
            failures.Add(
                $"{setting}: 'No Reset On Close' is set; what one call leaves in a session would reach the next one, a lifted read-only default as well. Take it out.");
        }
    }

    // A socket directory may hold anything; its slash tells it apart.
    private static bool IsHost(string host) =>
        host[0] is '/' or '@' || host.All(static c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '%');

    // Npgsql takes Host=name:5433 as well, but only when the data source is built.
    private static void SplitPort(NpgsqlConnectionStringBuilder settings)
    {
        var host = settings.Host!.Trim();
        if (host.StartsWith('['))
        {
            var end = host.IndexOf(']', StringComparison.Ordinal);
            if (end > 0)
            {
                if (host.AsSpan(end + 1) is [':', .. var digits] && TryPort(digits, out var port))
                    settings.Port = port;
                host = host[1..end];
            }
        }
        else if (host.Count(static c => c == ':') == 1)
        {
            var colon = host.IndexOf(':', StringComparison.Ordinal);
            if (TryPort(host.AsSpan(colon + 1), out var port))
            {
                settings.Port = port;
                host = host[..colon];
            }
        }

        settings.Host = host;
    }

    public static bool TryPort(ReadOnlySpan<char> digits, out int port) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535;

    private static string Canonical(string keyword) =>
        ConnectionKeywords.Npgsql.FirstOrDefault(known => Plain(known).Equals(Plain(keyword), StringComparison.OrdinalIgnoreCase)) ?? keyword;

    private static string Plain(string keyword) => keyword.Replace(" ", "", StringComparison.Ordinal);

    // libpq writes verify-full, scram-sha-256 and 1; Npgsql reads VerifyFull, ScramSHA256 and true.
    private static string Normalized(string keyword, string value) => Canonical(keyword) switch
    {
        "Require Auth" => string.Join(',', value.Split(',', StringSplitOptions.TrimEntries).Select(AuthenticationMode)),
        "SSL Mode" => value.Replace("-", "", StringComparison.Ordinal),
        var boolean when ConnectionKeywords.IsBoolean(boolean) => value switch { "1" => "true", "0" => "false", _ => value },
        _ => value,
    };

    private static string AuthenticationMode(string mode)
    {
        var not = mode.StartsWith('!') ? "!" : "";
        return not + mode[not.Length..].ToUpperInvariant() switch
        {
            "PASSWORD" => "Password",
            "MD5" => "MD5",
            "GSS" => "GSS",
            "SSPI" => "SSPI",
            "SCRAM-SHA-256" => "ScramSHA256",
            "NONE" => "None",
            _ => mode[not.Length..],
        };
    }
}
