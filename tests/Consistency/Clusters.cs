using System.Diagnostics;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Consistency;

/// <summary>Real servers for a test.</summary>
internal static class Clusters
{
    public const int Rows = 64;

    public static async Task<PostgresCluster> StartAsync(int replicas = 2)
    {
        var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = replicas, Settings = { ["autovacuum"] = "off" } });
        await using (var connection = new NpgsqlConnection(cluster.Primary.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"{Counters.Schema}; insert into counters select i, 0 from generate_series(0, {Rows - 1}) i", connection);
            await command.ExecuteNonQueryAsync();
        }

        await cluster.WaitUntilCaughtUpAsync();
        return cluster;
    }

    public static RoutingOptions Options(PostgresCluster cluster) => new()
    {
        Primary = cluster.Primary.ConnectionString,
        Replicas = [.. cluster.Replicas.Select(static r => new ReplicaOptions { ConnectionString = r.ConnectionString })],
    };

    public static async Task<RoutedDataSource> OpenAsync(PostgresCluster cluster, Action<RoutingOptions>? configure = null)
    {
        var options = Options(cluster);
        configure?.Invoke(options);
        var source = RoutedDataSource.Create(options);
        await source.VerifyAsync();
        return source;
    }

    /// <summary>Kills one of a server's sessions: the server ends all others and recovers, in the run that it is in. Returns when it answers again.</summary>
    public static async Task CrashAsync(this PostgresNode node)
    {
        const string Run = "select pg_stat_get_bgwriter_stat_reset_time()";
        var before = await node.ExecuteAsAdminAsync(Run);
        await using (var victim = new NpgsqlConnection(node.AdminConnectionString + ";Pooling=false"))
        {
            await victim.OpenAsync();
            using var backend = Process.GetProcessById(victim.ProcessID);
            backend.Kill();
            await backend.WaitForExitAsync();
        }

        await Waiting.UntilAsync(async () =>
        {
            try
            {
                return !Equals(await node.ExecuteAsAdminAsync(Run), before);
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }, $"{node.Name} answers after a crash");
    }
}
