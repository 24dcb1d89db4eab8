using System.Data;
using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>A pool as one session uses it: the session is told when a lease ends. For writes it serves one lease at a time.</summary>
internal sealed class SessionPool(ConsistencySession session, NodePool pool, SessionUse use)
{
    private int _isWriting;

    // The server's process that runs the write: a connection that broke doesn't tell it any more.
    private int _backend;

    public NodePool Pool => pool;

    public SessionUse Use => use;

    /// <summary>Takes it for a write; false while it serves another one.</summary>
    public bool TryBegin(NpgsqlConnection connection)
    {
        if (Interlocked.Exchange(ref _isWriting, 1) != 0)
            return false;
        _backend = BackendOf(connection);
        return true;
    }

    public void Return(NpgsqlConnection connection, LeaseEnd end)
    {
        var uncertain = Finish(connection);
        try
        {
            pool.Return(connection, end);
        }
        finally
        {
            session.Ended(use, uncertain);
        }
    }

    public ValueTask ReturnAsync(NpgsqlConnection connection, LeaseEnd end)
    {
        var uncertain = Finish(connection);
        ValueTask returning;
        try
        {
            returning = pool.ReturnAsync(connection, end);
        }
        catch
        {
            session.Ended(use, uncertain);
            throw;
        }

        if (!returning.IsCompletedSuccessfully)
            return AwaitReturnAsync(returning, uncertain);
        session.Ended(use, uncertain);
        return default;
    }

    /// <summary>The server's process that a connection leads to.</summary>
    public static int BackendOf(NpgsqlConnection connection) =>
        connection.FullState.HasFlag(ConnectionState.Open) ? connection.ProcessID : UncertainWrites.UnknownBackend;

    // What broke, or is still busy, may yet write.
    private UncertainWrites? Finish(NpgsqlConnection connection)
    {
        if (use != SessionUse.Write)
            return null;
        var backend = _backend;
        Volatile.Write(ref _isWriting, 0);
        return connection.FullState == ConnectionState.Open ? null : UncertainWrites.Of(backend);
    }

    private async ValueTask AwaitReturnAsync(ValueTask returning, UncertainWrites? uncertain)
    {
        try
        {
            await returning.ConfigureAwait(false);
        }
        finally
        {
            session.Ended(use, uncertain);
        }
    }
}
