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

    public static async Task<object?> ExecuteAsAdminAsync(this PostgresNode node, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(node.AdminConnectionString);
        await connection.OpenAsync();
        object? last = null;
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            last = await command.ExecuteScalarAsync();
        }

        return last;
    }

    public static Task SetAsync(this PostgresNode node, string setting, string value) =>
        node.ExecuteAsAdminAsync($"alter system set {setting} = '{value}'", "select pg_reload_conf()");

    public static Task ResetAsync(this PostgresNode node, string setting) =>
        node.ExecuteAsAdminAsync($"alter system reset {setting}", "select pg_reload_conf()");

    /// <summary>Makes the commits of a primary wait for a standby, which can then be promoted without a loss.</summary>
    public static async Task MakeSynchronousAsync(this PostgresNode primary, PostgresNode standby)
    {
        await primary.SetAsync("synchronous_standby_names", $"\"{standby.Name}\"");
        while (await primary.ExecuteAsAdminAsync("select exists (select from pg_stat_replication where sync_state = 'sync')") is not true)
            await Task.Delay(20);
    }

    /// <summary>Waits for something that the servers or the monitor bring about.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var end = DateTime.UtcNow.AddSeconds(30);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < end, $"It never came to be that {what}.");
            await Task.Delay(10);
        }
    }
}
