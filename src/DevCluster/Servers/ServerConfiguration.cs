using System.Globalization;
using System.Text;

namespace CompileTimeRouting.DevCluster.Servers;

/// <summary>Writes a server's <c>postgresql.conf</c>.</summary>
internal static class ServerConfiguration
{
    public static string Render(int port, string listenAddresses, IDictionary<string, string> settings, string? primaryConnectionInfo)
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["listen_addresses"] = listenAddresses,
            // A socket's path may have 107 bytes only; a temporary directory's may be longer.
            ["unix_socket_directories"] = "",
            ["max_connections"] = "300",
            ["shared_buffers"] = "32MB",
            // Nothing here outlives the machine: a crash of the server alone loses nothing.
            ["fsync"] = "off",
            ["max_wal_senders"] = "24",
            ["max_replication_slots"] = "24",
            // A standby that was away for a while finds its WAL without a slot that would fill the disk.
            ["wal_keep_size"] = "512MB",
            ["hot_standby_feedback"] = "off",
            // Standbys are back soon after their primary is.
            ["wal_retrieve_retry_interval"] = "100ms",
            ["wal_receiver_status_interval"] = "1s",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["log_line_prefix"] = "%m [%p] ",
            ["logging_collector"] = "off",
        };
        if (!OperatingSystem.IsWindows())
        {
            // Segments in the data directory go with it; in /dev/shm they would survive a SIGKILL.
            all["dynamic_shared_memory_type"] = "mmap";
        }
        if (primaryConnectionInfo is not null)
            all["primary_conninfo"] = primaryConnectionInfo;
        foreach (var (name, value) in settings)
            all[name] = value;

        var text = new StringBuilder();
        foreach (var (name, value) in all)
            text.Append(name).Append(" = ").Append('\'').Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)).Append('\'').Append('\n');
        return text.ToString();
    }

    /// <summary>A value as a literal of SQL.</summary>
    public static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Says where a standby's primary is. The password is in a file: the server logs this text when it changes.</summary>
    public static string ConnectionInfo(string host, int port, string passwordFile, string applicationName) => string.Create(
        CultureInfo.InvariantCulture,
        $"host={host} port={port} user={ClusterContext.SuperUser} passfile={LibpqValue(passwordFile)} application_name={applicationName} sslmode=disable gssencmode=disable connect_timeout=5");

    /// <summary>One line of a libpq password file that fits every server.</summary>
    public static string PasswordFileLine(string password) =>
        $"*:*:*:{ClusterContext.SuperUser}:{password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal)}\n";

    /// <summary>
    /// ALTER SYSTEM settings travel with a copy of the data directory. Those that say how the source itself replicates must not.
    /// </summary>
    public static string WithoutReplicationSettings(string autoConf) => string.Concat(
        autoConf.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("primary_conninfo", StringComparison.Ordinal)
                && !line.StartsWith("recovery_min_apply_delay", StringComparison.Ordinal))
            .Select(line => line + "\n"));

    private static string LibpqValue(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
