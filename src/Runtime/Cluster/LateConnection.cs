using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>A connection that nobody waits for any longer, and that may still come.</summary>
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

            try
            {
                connection(task.Result).Dispose();
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
            {
                // It breaks at this moment: Npgsql has put it out of its pool by itself.
            }
        },
        CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
