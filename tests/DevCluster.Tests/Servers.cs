using System.Globalization;
using CompileTimeRouting.DevCluster.Processes;
using Npgsql;

namespace CompileTimeRouting.DevCluster.Tests;

/// <summary>Looks at servers from outside the API under test.</summary>
internal static class Servers
{
    /// <summary>The processes whose command line names something in that directory (postmasters), and all below them.</summary>
    public static IReadOnlyList<int> Below(string directory) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid != 0 && ProcessTable.CommandLine(pid).Contains(directory + "/", StringComparison.Ordinal))
            .SelectMany(ProcessTable.Tree)
            .Distinct(),
    ];

    public static IReadOnlyList<int> Alive(IEnumerable<int> pids) => [.. pids.Where(ProcessTable.IsAlive)];

    public static async Task<T> QueryAsync<T>(string connectionString, string sql, CancellationToken? cancellationToken = null)
    {
        var token = cancellationToken ?? TestContext.Current.CancellationToken;
        // No pool: a test wants this server as it is now.
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(token);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(token))!;
    }

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        var token = TestContext.Current.CancellationToken;
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(token);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(token);
    }
}
