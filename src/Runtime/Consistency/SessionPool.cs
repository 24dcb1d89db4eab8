using System.Data;
using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>A pool as one session uses it: the session is told when a lease ends. For writes it serves one lease at a time.</summary>
internal sealed class SessionPool(ConsistencySession session, NodePool pool, SessionUse use, SessionPool? next = null)
{
    private int _isWriting;

    // The server's process that runs the write: a connection that broke doesn't tell it any more.
    private int _backend;

    // The server's run; null where it isn't known yet.
    private string? _run;

    public ConsistencySession Session => session;

    public NodePool Pool => pool;

    public SessionUse Use => use;

    /// <summary>The one that the session made before it: most sessions make one only, and need no list.</summary>
    public SessionPool? Next => next;

    /// <summary>Takes it for a write; false while it serves another one.</summary>
    public bool TryBegin(NpgsqlConnection connection, bool takesPosition)
    {
        if (Interlocked.Exchange(ref _isWriting, 1) != 0)
            return false;
        _backend = BackendOf(pool, connection);
        _run = ConnectedServer.RunOf(connection);
        TakesPosition = takesPosition && session.Source.CollectsPositions(pool);
        return true;
    }

    /// <summary>Whether the write's statement, where it can, is to bring the position back.</summary>
    public bool TakesPosition { get; private set; }

    /// <summary>The write, where it does; null where it doesn't, or wasn't sent yet.</summary>
    public CommitWithPosition? Commit { get; private set; }

    /// <summary>Makes a write of its own one that brings the position back.</summary>
    /// <param name="command">The statement, which runs on its lease's connection. Its parameters are taken from it.</param>
    public CommitWithPosition CommitWith(NpgsqlCommand command)
    {
        var write = new NpgsqlBatchCommand(command.CommandText);
        var parameters = new NpgsqlParameter[command.Parameters.Count];
        command.Parameters.CopyTo(parameters, 0);
        command.Parameters.Clear();
        foreach (var parameter in parameters)
            write.Parameters.Add(parameter);
        return Commit = new CommitWithPosition(session.Source, command.Connection!, new("begin"), write);
    }

    public void Return(NpgsqlConnection connection, LeaseEnd end)
    {
        if (IsServerUnknown(connection))
            _run = ConnectedServer.TryAsk(connection);
        var (uncertain, elsewhere, taken) = Finish(connection);
        Return(session, use, pool, connection, end, uncertain, elsewhere, taken);
    }

    public ValueTask ReturnAsync(NpgsqlConnection connection, LeaseEnd end) =>
        IsServerUnknown(connection) ? AskAndReturnAsync(connection, end) : ReturnKnownAsync(connection, end);

    /// <summary>Gives a connection back and tells the session, in this order: the write is counted as over when it is.</summary>
    public static void Return(
        ConsistencySession session, SessionUse use, NodePool pool, NpgsqlConnection connection, LeaseEnd end,
        UncertainWrites? uncertain = null, WritesElsewhere? elsewhere = null, TakenPosition? taken = null)
    {
        try
        {
            pool.Return(connection, end);
        }
        finally
        {
            Ended(session, use, connection, uncertain, elsewhere, taken);
        }
    }

    /// <inheritdoc cref="Return(ConsistencySession, SessionUse, NodePool, NpgsqlConnection, LeaseEnd, UncertainWrites, WritesElsewhere, TakenPosition)"/>
    public static ValueTask ReturnAsync(
        ConsistencySession session, SessionUse use, NodePool pool, NpgsqlConnection connection, LeaseEnd end,
        UncertainWrites? uncertain = null, WritesElsewhere? elsewhere = null, TakenPosition? taken = null)
    {
        ValueTask returning;
        try
        {
            returning = pool.ReturnAsync(connection, end);
        }
        catch
        {
            Ended(session, use, connection, uncertain, elsewhere, taken);
            throw;
        }

        if (!returning.IsCompletedSuccessfully)
            return AwaitReturnAsync(session, use, connection, returning, uncertain, elsewhere, taken);
        Ended(session, use, connection, uncertain, elsewhere, taken);
        return default;
    }

    private async ValueTask AskAndReturnAsync(NpgsqlConnection connection, LeaseEnd end)
    {
        _run = await ConnectedServer.TryAskAsync(connection).ConfigureAwait(false);
        await ReturnKnownAsync(connection, end).ConfigureAwait(false);
    }

    private ValueTask ReturnKnownAsync(NpgsqlConnection connection, LeaseEnd end)
    {
        var (uncertain, elsewhere, taken) = Finish(connection);
        return ReturnAsync(session, use, pool, connection, end, uncertain, elsewhere, taken);
    }

    /// <summary>The server's process that a connection leads to. A pooler makes a number up, which on the server may be anybody's.</summary>
    public static int BackendOf(NodePool pool, NpgsqlConnection connection) =>
        pool.LeadsToOneServer && connection.IsOpen() ? connection.ProcessID : UncertainWrites.UnknownBackend;

    // A physical connection's first write asks which server it leads to. One that failed in its transaction block has written
    // nothing, and the connection answers nothing until that is rolled back.
    private bool IsServerUnknown(NpgsqlConnection connection) =>
        use == SessionUse.Write && _run is null && pool.LeadsToOneServer && connection.FullState == ConnectionState.Open && Commit is not { IsCommitted: false };

    // What broke, or is still busy, may yet write.
    private (UncertainWrites? Uncertain, WritesElsewhere? Elsewhere, TakenPosition? Taken) Finish(NpgsqlConnection connection)
    {
        if (use != SessionUse.Write)
            return default;
        var (backend, run, commit) = (_backend, _run, Commit);
        Commit = null;
        Volatile.Write(ref _isWriting, 0);
        return (
            connection.FullState == ConnectionState.Open ? null : UncertainWrites.Of(backend), session.Source.Compare(pool, run),
            commit is not null && session.Source.IsFollowed(pool, run) ? commit.Taken : null);
    }

    private static void Ended(
        ConsistencySession session, SessionUse use, NpgsqlConnection connection, UncertainWrites? uncertain, WritesElsewhere? elsewhere, TakenPosition? taken)
    {
        if (use == SessionUse.ReplicaRead)
            session.ReadEnded(connection);
        else
            session.Ended(use, uncertain, elsewhere, taken);
    }

    private static async ValueTask AwaitReturnAsync(
        ConsistencySession session, SessionUse use, NpgsqlConnection connection, ValueTask returning, UncertainWrites? uncertain, WritesElsewhere? elsewhere, TakenPosition? taken)
    {
        try
        {
            await returning.ConfigureAwait(false);
        }
        finally
        {
            Ended(session, use, connection, uncertain, elsewhere, taken);
        }
    }
}
