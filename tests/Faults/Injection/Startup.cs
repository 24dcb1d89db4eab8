using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Faults.Injection;

/// <summary>
/// Keeps a standby in its start-up, where it answers every connect with 57P03: with <c>hot_standby</c> off it recovers
/// and takes no sessions until that is undone.
/// </summary>
internal static class Startup
{
    /// <summary>Makes the standby's next start one that doesn't end.</summary>
    /// <returns>Its data directory.</returns>
    public static async Task<string> PrepareAsync(PostgresNode standby) =>
        (string)(await standby.ExecuteAsAdminAsync("alter system set hot_standby = off", "select current_setting('data_directory')"))!;

    /// <summary>Restarts the prepared standby into a start-up that lasts that long, then into service; returns when it answers.</summary>
    public static async Task RestartSlowlyAsync(PostgresNode standby, string directory, TimeSpan startup)
    {
        await standby.StopAsync();
        using var starting = new CancellationTokenSource(startup);
        try
        {
            await standby.StartAsync(starting.Token);
        }
        catch (OperationCanceledException)
        {
            // Its time is over; it has not answered, as it should.
        }

        // Without sessions there is no ALTER SYSTEM.
        var file = Path.Combine(directory, "postgresql.auto.conf");
        var lines = await File.ReadAllLinesAsync(file);
        await File.WriteAllLinesAsync(file, lines.Where(static l => !l.StartsWith("hot_standby ", StringComparison.Ordinal)));
        await standby.RestartAsync();
    }
}
