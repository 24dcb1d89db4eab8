using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Tests;

/// <summary>SQL as a superuser, on a connection of its own.</summary>
internal static class Admin
{
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

    /// <summary>Changes a setting that needs no restart.</summary>
    public static Task SetAsync(this PostgresNode node, string setting, string value) =>
        node.ExecuteAsAdminAsync($"alter system set {setting} = '{value}'", "select pg_reload_conf()");

    /// <summary>Takes a setting back to what the configuration file says.</summary>
    public static Task ResetAsync(this PostgresNode node, string setting) =>
        node.ExecuteAsAdminAsync($"alter system reset {setting}", "select pg_reload_conf()");

    /// <summary>Makes the commits of a primary wait for a standby, which can then be promoted without a loss.</summary>
    public static async Task MakeSynchronousAsync(this PostgresNode primary, PostgresNode standby)
    {
        await primary.SetAsync("synchronous_standby_names", $"\"{standby.Name}\"");
        while (await primary.ExecuteAsAdminAsync("select exists (select from pg_stat_replication where sync_state = 'sync')") is not true)
            await Task.Delay(20);
    }
}
