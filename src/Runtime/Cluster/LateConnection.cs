using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>A connection that nobody waits for any longer, there or still to come.</summary>
internal static class LateConnection
{
    /// <summary>Disposes it when it is there; a failure is nobody's concern.</summary>
    /// <param name="opening">What opens it.</param>
    /// <param name="connection">Takes it from the result.</param>
    public static void Dispose<T>(Task<T> opening, Func<T, NpgsqlConnection> connection) => _ = opening.ContinueWith(
        task =>
        {
            if (!task.IsCompletedSuccessfully)
            {
                _ = task.Exception;
                return;
            }

            Dispose(connection(task.Result));
        },
        CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    /// <summary>Disposes one that is there; a failure is nobody's concern.</summary>
    public static void Dispose(NpgsqlConnection connection)
    {
        try
        {
            connection.Dispose();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // It breaks at this moment: Npgsql has put it out of its pool by itself.
        }
    }
}
