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
    private readonly NodePool? _pool;
    private LeaseEnd _end;

    internal ConnectionLease(NpgsqlConnection connection, NodePool pool, LeaseEnd end)
    {
        _connection = connection;
        _pool = pool;
        _end = end;
    }

    /// <summary>The open connection. Don't dispose or close it; dispose the lease.</summary>
    /// <exception cref="InvalidOperationException">The lease is the default value.</exception>
    public readonly NpgsqlConnection Connection => _connection
        ?? throw new InvalidOperationException("This lease was not made by a RoutedDataSource: it is the default value of its type.");

    /// <summary>The configured name of the node the connection leads to, for example <c>replica-1</c>; empty for the default value.</summary>
    public readonly string NodeName => _pool?.NodeName ?? "";

    /// <summary>Whether the connection is that of a unit of work, which other calls use, too.</summary>
    internal readonly bool IsShared => _end is LeaseEnd.Shared or LeaseEnd.None;

    /// <summary>The pool the connection goes back to; null for a shared one.</summary>
    internal readonly NodePool? Pool => IsShared ? null : _pool;

    /// <summary>Gives the connection back.</summary>
    public void Dispose()
    {
        if (IsShared)
            return;
        var end = _end;
        _end = LeaseEnd.None;
        _pool!.Return(_connection!, end);
    }

    /// <summary>Gives the connection back.</summary>
    /// <returns>A task that ends when the connection is back in its pool.</returns>
    public ValueTask DisposeAsync()
    {
        if (IsShared)
            return default;
        var end = _end;
        _end = LeaseEnd.None;
        return _pool!.ReturnAsync(_connection!, end);
    }

    /// <summary>The connection for a call inside the unit of work that has this lease.</summary>
    internal readonly ConnectionLease Share() => new(Connection, _pool!, LeaseEnd.Shared);
}
