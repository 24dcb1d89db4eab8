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
        await Waiting.UntilAsync(
            async () => await primary.ExecuteAsAdminAsync("select exists (select from pg_stat_replication where sync_state = 'sync')") is true,
            $"commits wait for {standby.Name}");
    }

    /// <summary>Makes the commits of a primary wait for a standby that doesn't exist, until synchronous_standby_names is reset. Returns when they do.</summary>
    public static async Task MakeCommitsWaitAsync(this PostgresNode primary)
    {
        await primary.SetAsync("synchronous_standby_names", "nobody");

        // The server's processes take a setting over one by one, and it is another one than the commit's own that makes commits wait.
        await using var connection = new NpgsqlConnection(primary.AdminConnectionString);
        await connection.OpenAsync();
        for (var waits = false; !waits;)
        {
            await using var command = new NpgsqlCommand("select pg_logical_emit_message(true, '', '')", connection);
            var commit = command.ExecuteNonQueryAsync();
            while (!commit.IsCompleted && !waits)
                waits = await primary.WaitsForStandbyAsync(connection.ProcessID);
            if (waits)
                await primary.ExecuteAsAdminAsync($"select pg_cancel_backend({connection.ProcessID})");
            await commit;
        }
    }

    /// <summary>Waits until a process of the server is as pg_stat_activity is to show it.</summary>
    public static Task UntilActiveAsync(this PostgresNode node, string activity) => Waiting.UntilAsync(
        async () => await node.ExecuteAsAdminAsync($"select exists (select from pg_stat_activity where {activity})") is true,
        $"{node.Name} has a process with {activity}");

    /// <summary>Whether a commit of one of the server's processes waits for a standby.</summary>
    public static async Task<bool> WaitsForStandbyAsync(this PostgresNode primary, int process) =>
        await primary.ExecuteAsAdminAsync($"select wait_event = 'SyncRep' from pg_stat_activity where pid = {process}") is true;
}
