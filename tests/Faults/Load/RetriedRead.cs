using Npgsql;

namespace CompileTimeRouting.Faults.Load;

/// <summary>A read that is tried again as the shim of one does it.</summary>
internal static class RetriedRead
{
    /// <returns>The answer, and the SQLSTATE of each attempt that failed before.</returns>
    public static async Task<(T Answer, List<string?> Failures)> RunAsync<T>(RoutedDataSource db, string name, Func<ConnectionLease, Task<T>> read, CancellationToken ct)
    {
        var route = new ReadRoute(name);
        var failures = new List<string?>();
        CallAttempts? attempts = null;
        while (true)
        {
            await using var lease = await db.OpenReadAsync(route, attempts, ct);
            try
            {
                return (await read(lease), failures);
            }
            catch (NpgsqlException e) when (db.ShouldRetry(route, in lease, e, ref attempts, ct))
            {
                failures.Add(e.SqlState);
            }
        }
    }
}
