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
            if (task.IsCompletedSuccessfully)
                connection(task.Result).Dispose();
            else
                _ = task.Exception;
        },
        CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
