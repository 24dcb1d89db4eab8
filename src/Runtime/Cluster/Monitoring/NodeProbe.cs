using System.Data;
using System.Diagnostics;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// Asks one node who it is and where it stands, over a connection of its own that it keeps. No privilege is needed: every
/// function it calls may be called by any role.
/// </summary>
internal sealed class NodeProbe(ClusterNode node) : IAsyncDisposable
{
    private const string ServerQuestion = $"""
        select current_setting('server_version'), current_setting('default_transaction_read_only') = 'on', {ServerIdentity.StartTimeSql}, pg_is_in_recovery(),
            current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - coalesce(current_setting('reserved_connections', true)::int, 0),
            current_setting('wal_block_size')::bigint, pg_size_bytes(current_setting('wal_segment_size')),
            coalesce(has_function_privilege(to_regprocedure('pg_control_checkpoint()'), 'execute') and has_function_privilege(to_regprocedure('pg_control_recovery()'), 'execute'), false),

        """;

    private const string IdentityQuestion = ServerQuestion + "(pg_control_system()).system_identifier";

    // Where a cautious administrator has revoked it from PUBLIC.
    private const string IdentityWithoutSystemQuestion = ServerQuestion + "null::bigint";

    // One for each role: a function that the role may not call is refused even where it isn't reached.
    private const string PrimaryQuestion = """
        select r, case when not r then (pg_current_wal_insert_lsn() - '0/0')::bigint end,
            case when not r then ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint end,
        """ + StateEnd;

    // The position comes first: what is replayed before a turn belongs to the timeline after it, too. The timeline is told
    // only to roles that may see the WAL receiver (pg_monitor), and by the control file, which knows a new one at the next
    // restart point or flush. Until then it isn't proved that the standby has taken the turn.
    private const string StandbyQuestion = StandbyBegin + """
        greatest((select received_tli from pg_stat_wal_receiver), (pg_control_checkpoint()).timeline_id,
            (pg_control_recovery()).min_recovery_end_timeline)
        """ + StandbyEnd;

    // Where a cautious administrator has revoked the control file from PUBLIC.
    private const string StandbyWithoutControlQuestion = StandbyBegin + "(select received_tli from pg_stat_wal_receiver)" + StandbyEnd;

    private const string StandbyBegin = "select r, case when r then (pg_last_wal_replay_lsn() - '0/0')::bigint end, (";

    // Whether a receiver runs, any role may see.
    private const string StandbyEnd = ")::bigint, " + ServerIdentity.RunSql
        + ", (select received_tli from pg_stat_wal_receiver)::bigint, exists (select from pg_stat_wal_receiver), coalesce(pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn(), false)" + FromRole;

    // Statistics are reset by hand, too: each answer says which run it is of.
    private const string StateEnd = ServerIdentity.RunSql + FromRole;

    private const string FromRole = " from (select pg_is_in_recovery() as r) as role";

    private const string RoleQuestion = "select pg_is_in_recovery()";

    // Asked on pooled connections of the primary: an error there means that it is none.
    internal const string PositionQuestion = "select (pg_current_wal_insert_lsn() - '0/0')::bigint as " + PositionColumn + ", " +
        "('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::bigint";

    /// <summary>The first column of the answer, by a name that no other statement's has.</summary>
    internal const string PositionColumn = "ctr_position";

    // Far more than a timer is late on a machine that has time for it.
    private static readonly TimeSpan LateBy = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _end = new();

    private Session? _session;
    private bool _wasSilent;

    // An attempt that outlives probes. A server that hung answers the connects it finds in their order, those that were given
    // up included, which takes it seconds where many have tried: of ours the oldest comes first.
    private Task<Asked>? _patient;

    /// <summary>Asks a primary for its position, on a connection of the caller's.</summary>
    public static async Task<(ulong Position, uint Timeline)> AskPositionAsync(NpgsqlConnection connection, WalLayout layout, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(PositionQuestion, connection);
        var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return PositionOf(reader, layout);
        }
    }

    /// <summary>Reads the answer to <see cref="PositionQuestion"/>.</summary>
    public static (ulong Position, uint Timeline) PositionOf(NpgsqlDataReader reader, WalLayout layout) =>
        (layout.Reachable((ulong)reader.GetInt64(0)), (uint)reader.GetInt64(1));

    public static async Task<bool> IsStandbyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(RoleQuestion, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    public static bool IsStandby(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(RoleQuestion, connection);
        return (bool)command.ExecuteScalar()!;
    }

    /// <summary>Probes once.</summary>
    /// <param name="timeout">How long all of it may take.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<ProbeResult> RunAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        var kept = Interlocked.Exchange(ref _session, null);
        if (kept is not null && kept.Renewal != node.Renewals)
        {
            LateConnection.Dispose(Task.FromResult(kept), static session => session.Connection);
            kept = null;
        }

        if (!_wasSilent)
            GiveUpPatient();
        var patient = _wasSilent ? _patient ??= AskAsync(null, node.PatientProbe, _end.Token) : null;
        var asking = AskAsync(kept, node.Probe, limit.Token);
        try
        {
            // Npgsql heeds a cancellation only once the server has answered its first message; a hung one never does, and the
            // connection's own timeout counts whole seconds. The attempt is left to end by that.
            var (session, answer, questionAt) = await (patient is null ? asking.WaitAsync(limit.Token) : EitherAsync(asking, patient, limit.Token)).ConfigureAwait(false);
            _session = session;
            _wasSilent = false;
            return new ProbeResult(begun, questionAt, Stopwatch.GetTimestamp(), answer, null, TimedOut: false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            Abandon(asking);
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Abandon(asking);
            var timedOut = limit.IsCancellationRequested;
            _wasSilent = timedOut;
            var problem = timedOut ? NodeProblem.TimedOut(node, timeout) : NodeProblem.Describe(node, e, timeout);
            var ended = Stopwatch.GetTimestamp();
            return new ProbeResult(
                begun, begun, ended, null, problem, timedOut, FailureClassifier.IsFull(e), FailureClassifier.IsRefusal(e),
                timedOut ? "timeout" : FailureClassifier.ErrorTypeOf(e),
                timedOut && IsLate(timeout, Stopwatch.GetElapsedTime(begun, ended)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        _end.Dispose();
        GiveUpPatient();
        if (Interlocked.Exchange(ref _session, null) is { } session)
            await session.Connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Whether a time-out was noticed so late that the answer may have been there for long.</summary>
    internal static bool IsLate(TimeSpan timeout, TimeSpan elapsed) => elapsed > timeout + LateBy;

    private static void Abandon(Task<Asked> asking) =>
        LateConnection.Dispose(asking, static asked => asked.Session.Connection);

    // Whichever is answered first; where none is, what the younger one failed for.
    private async Task<Asked> EitherAsync(Task<Asked> asking, Task<Asked> patient, CancellationToken limit)
    {
        await Task.WhenAny(asking, patient).WaitAsync(limit).ConfigureAwait(false);
        if (patient.IsCompletedSuccessfully)
        {
            _patient = null;
            Abandon(asking);
            return await patient.ConfigureAwait(false);
        }

        if (patient.IsCompleted)
            GiveUpPatient();
        return await asking.WaitAsync(limit).ConfigureAwait(false);
    }

    private void GiveUpPatient()
    {
        if (Interlocked.Exchange(ref _patient, null) is { } patient)
            Abandon(patient);
    }

    private async Task<Asked> AskAsync(Session? kept, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        if (kept is not null)
        {
            try
            {
                return await AskSessionAsync(kept, cancellationToken).ConfigureAwait(false);
            }
            catch (NpgsqlException) when (!cancellationToken.IsCancellationRequested)
            {
                // The connection broke, or its session was ended. Whether the node is to blame, a new one will tell.
            }
        }

        try
        {
            return await AskNewSessionAsync(source, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.AdminShutdown && !cancellationToken.IsCancellationRequested)
        {
            // Somebody ended this session, or all of them: a server that shuts down lets no other one in.
            return await AskNewSessionAsync(source, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Asked> AskNewSessionAsync(NpgsqlDataSource source, CancellationToken cancellationToken) =>
        await AskSessionAsync(await OpenAsync(source, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async Task<Session> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var renewal = node.Renewals;
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var (identity, inRecovery) = await IdentifyAsync(connection, cancellationToken).ConfigureAwait(false);
            var isAurora = node.Provider == ServerProvider.Aurora
                || (node.Provider == ServerProvider.Auto && await IsAuroraAsync(connection, cancellationToken).ConfigureAwait(false));
            return new Session(connection, identity, inRecovery, isAurora, renewal);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<(ServerIdentity Identity, bool InRecovery)> IdentifyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await IdentifyAsync(connection, IdentityQuestion, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.FeatureNotSupported)
        {
            return await IdentifyAsync(connection, IdentityWithoutSystemQuestion, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<(ServerIdentity Identity, bool InRecovery)> IdentifyAsync(
        NpgsqlConnection connection, string question, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(question, connection);
        var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var identity = new ServerIdentity(
                reader.GetString(0), reader.GetBoolean(1), reader.GetString(2), reader.IsDBNull(8) ? null : reader.GetInt64(8), reader.GetInt32(4))
            {
                Layout = new WalLayout((uint)reader.GetInt64(5), (uint)reader.GetInt64(6)),
                ReadsControlFile = reader.GetBoolean(7),
            };
            return (identity, reader.GetBoolean(3));
        }
    }

    private async Task<Asked> AskSessionAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            // Behind a pooler the connection stays while the server behind it becomes another one.
            if (node.ProbesThroughPooler)
            {
                var (identity, inRecovery) = await IdentifyAsync(session.Connection, cancellationToken).ConfigureAwait(false);
                session = session with { Identity = identity, InRecovery = inRecovery };
            }

            while (true)
            {
                var questionAt = Stopwatch.GetTimestamp();
                if (session.IsAurora)
                    return new Asked(session, await AuroraQuestion.AskAsync(session.Connection, session.Identity, cancellationToken).ConfigureAwait(false), questionAt);
                using var command = new NpgsqlCommand(StateQuestion(session), session.Connection);
                var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                    var isInRecovery = reader.GetBoolean(0);
                    if (isInRecovery == session.InRecovery)
                    {
                        if (reader.GetString(3) is var run && run != session.Identity.Run)
                            session = session with { Identity = session.Identity with { Run = run } };
                        var position = reader.IsDBNull(1) ? null : (ulong?)reader.GetInt64(1);
                        var answer = new ProbeAnswer(
                            session.Identity, isInRecovery,
                            isInRecovery || position is null ? position : session.Identity.Layout.Reachable(position.Value), reader.IsDBNull(2) ? null : (uint)reader.GetInt64(2));
                        if (isInRecovery)
                            answer = answer with { ReceivedTimeline = reader.IsDBNull(4) ? null : (uint)reader.GetInt64(4), IsReceiving = reader.GetBoolean(5), HasUnreplayed = reader.GetBoolean(6) };
                        return new Asked(session, answer, questionAt);
                    }

                    // It was promoted since.
                    session = session with { InRecovery = isInRecovery };
                }
            }
        }
        catch
        {
            await session.Connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<bool> IsAuroraAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand("select " + AuroraQuestion.IsAurora, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static string StateQuestion(Session session) =>
        !session.InRecovery ? PrimaryQuestion : session.Identity.ReadsControlFile ? StandbyQuestion : StandbyWithoutControlQuestion;

    // An answer, the session that gave it, and the time at which the question was sent.
    private readonly record struct Asked(Session Session, ProbeAnswer Answer, long QuestionAt);

    private sealed record Session(NpgsqlConnection Connection, ServerIdentity Identity, bool InRecovery, bool IsAurora, int Renewal);
}
