using System.Data;
using System.Diagnostics;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// A unit of work on the primary: one connection, one transaction. While it is open, every routed method called in the
/// same flow of execution, read or write, uses its connection, so that reads see what was written.
/// </summary>
/// <remarks>
/// Opened by <see cref="RoutedDataSource.BeginTransactionAsync(IsolationLevel, CancellationToken)"/>. Disposing it without
/// <see cref="CommitAsync"/> rolls back. Like a connection it serves one call at a time: a second call that overlaps with
/// the first gets Npgsql's <see cref="NpgsqlOperationInProgressException"/>. A task that is started inside takes part as
/// well: await it before the commit, or start it outside; disposing waits for a statement that still runs. Tasks that were
/// running before take no part.
/// </remarks>
public sealed class RoutedTransaction : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan RunningPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan FetchingLimit = TimeSpan.FromSeconds(1);

    private readonly RoutedDataSource _source;
    private readonly Activity? _activity;
    private ParticipatingSessions? _sessions;
    private ConnectionLease _lease;
    private NpgsqlTransaction? _transaction;
    private string? _failedMember;
    private volatile bool _open;
    private volatile bool _ended;

    // The server's process that runs it, and the server's run: a connection that broke doesn't tell them any more.
    private int _backend;
    private string? _run;

    /// <param name="source">Whose unit of work it is.</param>
    /// <param name="session">The session that it is a write of; null for none.</param>
    /// <param name="isolationLevel">The isolation level.</param>
    /// <param name="activity">Its span, which is the current one; null where nobody traces.</param>
    internal RoutedTransaction(RoutedDataSource source, ConsistencySession? session, IsolationLevel isolationLevel, Activity? activity)
    {
        _source = source;
        _activity = activity;
        IsolationLevel = isolationLevel;
        TakePart(session);
    }

    /// <summary>The isolation level asked for.</summary>
    public IsolationLevel IsolationLevel { get; }

    /// <summary>The connection of the unit of work.</summary>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public NpgsqlConnection Connection => _open ? _lease.Connection : throw Ended();

    /// <summary>Npgsql's transaction, for savepoints and for libraries that ask for one.</summary>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public NpgsqlTransaction Transaction => _open ? _transaction! : throw Ended();

    /// <summary>The name of the node that the unit of work runs on.</summary>
    internal string NodeName => _lease.NodeName;

    internal NodePool? Pool => _lease.Pool;

    internal TimeSpan? UsedFor => _lease.UsedFor;

    internal NpgsqlConnection LeasedConnection => _lease.Connection;

    internal bool IsOpen => _open;

    /// <summary>A lease of its connection, which stays with the unit of work.</summary>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    internal ConnectionLease Share() => _open ? _lease.Share() : throw Ended();

    /// <summary>A call of a session is part of it, or its commit: the session has written what it commits.</summary>
    internal void TakePart(ConsistencySession? session)
    {
        if (session is not null)
            LazyInitializer.EnsureInitialized(ref _sessions).Add(session);
    }

    /// <summary>Whether it is over, or never came to be; before that it is opening or open.</summary>
    internal bool HasEnded => _ended;

    internal bool IsDoomed => _failedMember is not null;

    /// <summary>Commits. The unit of work has then ended, whatever the outcome.</summary>
    /// <param name="cancellationToken">Cancels the wait for the server; whether it committed is then unknown.</param>
    /// <returns>A task that ends when the server has acknowledged the commit.</returns>
    /// <exception cref="InvalidOperationException">
    /// The unit of work has ended, or a command that joined it or a statement in it failed: then everything was rolled back.
    /// </exception>
    public Task CommitAsync(CancellationToken cancellationToken = default)
    {
        // Not async: the ambient value must change in the caller's own execution context.
        var transaction = End();
        TakePart(_source.Session);
        return _failedMember is null ? CommitCoreAsync(transaction, cancellationToken) : RollBackDoomedAsync(transaction);
    }

    /// <summary>Commits. The unit of work has then ended, whatever the outcome.</summary>
    /// <inheritdoc cref="CommitAsync" path="/exception"/>
    public void Commit()
    {
        var transaction = End();
        TakePart(_source.Session);
        if (_failedMember is not null)
        {
            try
            {
                transaction.Rollback();
            }
            catch (NpgsqlException)
            {
                // The connection is gone, and with it the transaction: rolled back all the same.
            }

            throw Doomed();
        }

        RequireUsable(transaction);
        using var commit = CommitBatch();
        try
        {
            _ = _sessions?.Commit?.Execute() ?? commit.ExecuteNonQuery();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InFailedSqlTransaction)
        {
            transaction.Rollback();
            throw Failed(e);
        }
        finally
        {
            TellSessions();
        }
    }

    /// <summary>Rolls back. The unit of work has then ended.</summary>
    /// <param name="cancellationToken">Cancels the wait for the server.</param>
    /// <returns>A task that ends when the server has rolled back.</returns>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public Task RollbackAsync(CancellationToken cancellationToken = default) => End().RollbackAsync(cancellationToken);

    /// <summary>Rolls back. The unit of work has then ended.</summary>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public void Rollback() => End().Rollback();

    /// <summary>Ends the unit of work, rolling back what was not committed, and gives the connection back.</summary>
    public void Dispose()
    {
        Leave();
        var transaction = Interlocked.Exchange(ref _transaction, null);
        if (transaction is null)
            return;
        try
        {
            var fetchingSince = 0L;
            while (IsRunning(ref fetchingSince))
                Thread.Sleep(RunningPoll);
            transaction.Dispose();
        }
        finally
        {
            TellSessions();
            _lease.Dispose();
        }
    }

    /// <summary>Ends the unit of work, rolling back what was not committed, and gives the connection back.</summary>
    /// <returns>A task that ends when the connection is back in its pool.</returns>
    public ValueTask DisposeAsync()
    {
        Leave();
        var transaction = Interlocked.Exchange(ref _transaction, null);
        return transaction is null ? default : DisposeCoreAsync(transaction);
    }

    internal void Start(WriteRoute route, CallAttempts? attempts)
    {
        try
        {
            _lease = _source.OpenPrimary(route, attempts, _activity);
            NoteServer();
            _transaction = _lease.Connection.BeginTransaction(IsolationLevel);
        }
        catch
        {
            _ended = true;
            _sessions?.Abandon();
            _lease.Dispose();
            throw;
        }

        _open = true;
    }

    internal async ValueTask<RoutedTransaction> StartAsync(WriteRoute route, CallAttempts? attempts, CancellationToken cancellationToken)
    {
        try
        {
            _lease = await _source.OpenPrimaryAsync(route, attempts, _activity, cancellationToken).ConfigureAwait(false);
            NoteServer();
            _transaction = await _lease.Connection.BeginTransactionAsync(IsolationLevel, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _ended = true;
            _sessions?.Abandon();
            await _lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        _open = true;
        return this;
    }

    /// <summary>A command that joined the unit of work ended without success: it may have written a part.</summary>
    internal void Doom(string member) => _failedMember ??= member;

    // A statement that another flow awaits. Npgsql would take its answer away from it: that flow would get nonsense and the
    // rollback would wait for ever. Rows being read can also be a reader that somebody forgot to close: that is given a moment.
    private bool IsRunning(ref long fetchingSince)
    {
        var state = _lease.Connection.FullState;
        if ((state & ConnectionState.Executing) != 0)
        {
            fetchingSince = 0;
            return true;
        }

        if ((state & ConnectionState.Fetching) == 0)
            return false;
        if (fetchingSince == 0)
            fetchingSince = Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(fetchingSince) < FetchingLimit;
    }

    private async Task CommitCoreAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        RequireUsable(transaction);
        var commit = CommitBatch();
        await using (commit.ConfigureAwait(false))
        {
            try
            {
                await (_sessions?.Commit?.ExecuteAsync(cancellationToken) ?? commit.ExecuteNonQueryAsync(cancellationToken)).ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InFailedSqlTransaction)
            {
                await transaction.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
                throw Failed(e);
            }
            finally
            {
                await TellSessionsAsync().ConfigureAwait(false);
            }
        }
    }

    // After a failed statement the server answers COMMIT by rolling back, which is no error, and NpgsqlTransaction doesn't tell.
    // Any other statement is refused then: one that does nothing goes ahead, in the same round trip.
    private NpgsqlBatch CommitBatch()
    {
        var probe = new NpgsqlBatchCommand("select");
        if (_sessions is not { WillExport: true } sessions || !_source.CollectsPositions(_lease.Pool!))
            return new NpgsqlBatch(_lease.Connection) { BatchCommands = { probe, new NpgsqlBatchCommand("commit") } };
        sessions.Commit = new CommitWithPosition(_source, _lease.Connection, probe);
        return sessions.Commit.Batch;
    }

    // Throws where it was committed or rolled back behind our back: a COMMIT outside of a transaction is no error either.
    private static void RequireUsable(NpgsqlTransaction transaction) => _ = transaction.IsolationLevel;

    private async Task RollBackDoomedAsync(NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.RollbackAsync().ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The connection is gone, and with it the transaction: rolled back all the same.
        }

        throw Doomed();
    }

    private async ValueTask DisposeCoreAsync(NpgsqlTransaction transaction)
    {
        try
        {
            var fetchingSince = 0L;
            while (IsRunning(ref fetchingSince))
                await Task.Delay(RunningPoll).ConfigureAwait(false);
            await transaction.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await TellSessionsAsync().ConfigureAwait(false);
            await _lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void NoteServer() =>
        (_backend, _run) = (SessionPool.BackendOf(_lease.Pool!, _lease.Connection), ConnectedServer.RunOf(_lease.Connection));

    // A connection that broke with a commit under way, ours or one that was sent by hand, says nothing of its outcome.
    private void TellSessions(ParticipatingSessions sessions) => sessions.End(
        _lease.Connection.FullState == ConnectionState.Open ? null : UncertainWrites.Of(_backend), _source.Compare(_lease.Pool!, _run),
        sessions.Commit is { } commit && _source.IsFollowed(_lease.Pool!, _run) ? commit.Taken : null);

    private void TellSessions()
    {
        if (Volatile.Read(ref _sessions) is not { } sessions)
            return;
        if (IsServerUnknown)
            _run = ConnectedServer.TryAsk(_lease.Connection);
        TellSessions(sessions);
    }

    private async ValueTask TellSessionsAsync()
    {
        if (Volatile.Read(ref _sessions) is not { } sessions)
            return;
        if (IsServerUnknown)
            _run = await ConnectedServer.TryAskAsync(_lease.Connection).ConfigureAwait(false);
        TellSessions(sessions);
    }

    private bool IsServerUnknown => _run is null && _lease.Pool!.LeadsToOneServer && _lease.Connection.FullState == ConnectionState.Open;

    private NpgsqlTransaction End()
    {
        if (!_open)
            throw Ended();
        Leave();
        return _transaction!;
    }

    private void Leave()
    {
        _open = false;
        _ended = true;
        _source.LeaveAmbient(this);
        RoutingActivities.Leave(_activity);
    }

    private static InvalidOperationException Ended() =>
        new("The unit of work has ended: it was committed, rolled back or disposed. Begin another one.");

    private static InvalidOperationException Failed(PostgresException cause) => new(
        "The unit of work was rolled back instead of committed: a statement in it failed and the exception was caught. Let it end the " +
        "unit of work, or set a savepoint before a statement that may fail (RoutedTransaction.Transaction.SaveAsync).", cause);

    private InvalidOperationException Doomed() => new(
        $"The unit of work was rolled back instead of committed: '{_failedMember}' took part in it and failed, so a part of its " +
        "writes may be missing. Let the exception of that call end the unit of work, or call it outside.");
}
