using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>Others were connecting to the node for as long as the caller may wait. The node isn't known to be bad.</summary>
internal sealed class PoolWaitException() : NpgsqlException(
    "No connection could be begun in time: as many as MaxConcurrentConnects allows were being made. Raise it, or 'Timeout' in the connection string.",
    new TimeoutException());
