using System.Data;
using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// An open connection on loan from a <see cref="RoutedDataSource"/>. Disposing it gives the connection back to its node's
/// pool; inside a unit of work the connection stays with the unit of work.
/// </summary>
/// <remarks>A value that is used by one flow and disposed once: don't copy it and don't share it between threads.</remarks>
public struct ConnectionLease : IDisposable, IAsyncDisposable
{
    private readonly NpgsqlConnection? _connection;
    private readonly string? _nodeName;
    private NodePool? _pool;

    // A lease inside a unit of work has no pool: the unit of work gives the connection back.
    internal ConnectionLease(NpgsqlConnection connection, NodePool? pool, string nodeName)
    {
        _connection = connection;
        _pool = pool;
        _nodeName = nodeName;
    }

    /// <summary>The open connection. Don't dispose or close it; dispose the lease.</summary>
    /// <exception cref="InvalidOperationException">The lease is the default value.</exception>
    public readonly NpgsqlConnection Connection => _connection
        ?? throw new InvalidOperationException("This lease was not made by a RoutedDataSource: it is the default value of its type.");

    /// <summary>The configured name of the node the connection leads to, for example <c>replica-1</c>; empty for the default value.</summary>
    public readonly string NodeName => _nodeName ?? "";

    /// <summary>Whether the connection is that of a unit of work, which other calls use, too.</summary>
    internal readonly bool IsShared => _pool is null;

    /// <summary>The pool the connection goes back to; null for a shared one.</summary>
    internal readonly NodePool? Pool => _pool;

    // Closed by the server, or by a network that is gone; the caller was told not to close it.
    private readonly bool IsBroken => _connection!.State != ConnectionState.Open;

    /// <summary>Gives the connection back.</summary>
    public void Dispose()
    {
        if (_pool is not { } pool)
            return;
        _pool = null;
        pool.LeaseEnded(IsBroken);
        _connection!.Dispose();
    }

    /// <summary>Gives the connection back.</summary>
    /// <returns>A task that ends when the connection is back in its pool.</returns>
    public ValueTask DisposeAsync()
    {
        if (_pool is not { } pool)
            return default;
        _pool = null;
        pool.LeaseEnded(IsBroken);
        return _connection!.DisposeAsync();
    }
}
