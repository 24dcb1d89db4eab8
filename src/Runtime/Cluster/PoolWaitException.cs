using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>No connection was free, or could be begun, for as long as the caller may wait. The node isn't known to be bad.</summary>
internal sealed class PoolWaitException(string message) : NpgsqlException(message, new TimeoutException())
{
    public static PoolWaitException Gate() => new(
        "No connection could be begun in time: as many as MaxConcurrentConnects allows were being made. Raise it, or 'Timeout' in the connection string.");

    public static PoolWaitException Full() => new(
        "No connection of the pool became free in time. Raise 'Maximum Pool Size', or 'Timeout' in the connection string, or hold connections for a shorter time.");
}
