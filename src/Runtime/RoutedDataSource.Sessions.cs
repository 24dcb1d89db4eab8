using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting;

// Sessions: who reads what he has written.
public sealed partial class RoutedDataSource
{
    // Per instance, as the unit of work: positions of one cluster say nothing of another.
    private readonly AsyncLocal<SessionScope?> _scope = new();

    private readonly SharedPosition _positions;

    // Whether any session ever asked for it: reads of other data sources don't look.
    private volatile bool _sessionsReadFromPrimary;

    /// <summary>How reads in sessions were served.</summary>
    internal ConsistencyOutcomes Outcomes { get; }

    /// <summary>A fault that tests build in.</summary>
    internal ConsistencyMutation Mutation
    {
        get => _state.Mutation;
        set => _state.Mutation = value;
    }

    /// <summary>
    /// The session of this flow of execution, which the routed methods called here take part in: the innermost one that hasn't
    /// ended, whoever began it, such as the request's middleware. Null outside of any; a session of another data source
    /// doesn't count.
    /// </summary>
    public ConsistencySession? CurrentSession => Session;

    /// <summary>
    /// Begins a session of the calling flow: until it is disposed, the routed methods called here, and in the tasks that
    /// are started here, take part in it. Inside another session it takes over what that one has written and read, and
    /// hands back what it did itself.
    /// </summary>
    /// <param name="token">
    /// What an earlier session exported, in this process or another; null or empty for none. A token that isn't known to be
    /// of this cluster's present history (forged, cut off, expired, of another cluster, from before a failover) is no error:
    /// the session then asks for all that was written before it began.
    /// </param>
    /// <param name="requireSignature">Whether only signed tokens count: where the token came from somebody who isn't trusted.</param>
    /// <returns>The session; dispose it at the end of the request, message or job.</returns>
    public ConsistencySession BeginSession(string? token = null, bool requireSignature = false)
    {
        var session = Import(new ConsistencySession(this, Session), token, requireSignature);
        session.Scope = UseSession(session);
        return session;
    }

    /// <summary>
    /// Begins a session of the calling flow for somebody whose token was refused by whoever carries tokens here, such as the
    /// protection of a cookie: nothing is taken from it, it is counted, and the session asks for all that was written before
    /// it began.
    /// </summary>
    /// <param name="refused">Why it was.</param>
    /// <returns>The session; dispose it at the end of the request, message or job.</returns>
    public ConsistencySession BeginSessionForRefusedToken(RefusedToken refused)
    {
        var session = new ConsistencySession(this, Session);
        if (!_monitoring)
            StartMonitoring();
        Outcomes.Count(refused switch
        {
            RefusedToken.Forged => TokenOutcome.Forged,
            RefusedToken.Expired => TokenOutcome.Expired,
            _ => TokenOutcome.Malformed,
        });
        session.Raise(new SessionNeeds(System.Diagnostics.Stopwatch.GetTimestamp(), HasWritten: true));
        session.Scope = UseSession(session);
        return session;
    }

    /// <summary>
    /// Makes a session that is of no flow yet, for one that outlives the flow it is made in, such as that of a user's
    /// connection. See <see cref="UseSession"/>.
    /// </summary>
    /// <inheritdoc cref="BeginSession" path="/param"/>
    /// <returns>The session.</returns>
    public ConsistencySession CreateSession(string? token = null, bool requireSignature = false) =>
        Import(new ConsistencySession(this, null), token, requireSignature);

    /// <summary>Makes a session that of the calling flow, and of the tasks that are started here, until the result is disposed.</summary>
    /// <param name="session">A session of this data source.</param>
    /// <returns>Ends the use, not the session.</returns>
    /// <exception cref="ArgumentException">The session is another data source's, or has ended.</exception>
    public SessionScope UseSession(ConsistencySession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Source != this || !session.IsOpen)
            throw new ArgumentException("The session belongs to another data source, or has ended. Use one of this data source's BeginSession or CreateSession.", nameof(session));
        return _scope.Value = new SessionScope(session, OpenScope);
    }

    /// <summary>From now on the pool for a read depends on its session.</summary>
    internal void SessionsReadFromPrimary() => _sessionsReadFromPrimary = true;

    internal void Leave(SessionScope scope)
    {
        if (_scope.Value == scope)
            _scope.Value = scope.Outer;
    }

    /// <exception cref="InvalidOperationException">There is no key.</exception>
    internal void RequireTokenKey()
    {
        if (!_plan.Signer.CanSign)
            throw new InvalidOperationException("There is no key to sign a token with. Set RoutingOptions.TokenKeys (Routing:TokenKeys:0) to a secret of 32 random bytes in Base64, the same in all processes.");
    }

    internal string Sign(ConsistencyToken token, TimeSpan lifetime)
    {
        var now = DateTimeOffset.UtcNow;
        return _plan.Signer.Sign(token, lifetime < DateTimeOffset.MaxValue - now ? now + lifetime : DateTimeOffset.MaxValue);
    }

    /// <summary>For who goes on from it while there is no position yet: see <see cref="ClusterState.Everything"/>.</summary>
    internal ConsistencyToken Everything => _state.Everything;

    /// <summary>A position that the primary reached after a time.</summary>
    internal async ValueTask<ConsistencyToken> PositionAfterAsync(long time, CancellationToken cancellationToken)
    {
        if (!_monitoring)
            StartMonitoring();
        return _state.TokenAfter(time) ?? await _positions.AskAsync(cancellationToken).ConfigureAwait(false);
    }

    internal ConsistencySession? Session => OpenScope?.Session;

    private async Task<ConsistencyToken> AskPositionAsync(CancellationToken cancellationToken)
    {
        var lease = await OpenPrimaryReadAsync(ReadRoute.Position, null, null, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            // Another server's position isn't behind what was written on the one that is followed.
            return Compare(lease.Pool!, await RunAsync(lease, cancellationToken).ConfigureAwait(false)) is null
                ? await AskPositionAsync(lease.Connection, cancellationToken).ConfigureAwait(false)
                : _state.Everything;
        }
    }

    private static async ValueTask<string?> RunAsync(ConnectionLease lease, CancellationToken cancellationToken) =>
        !lease.Pool!.LeadsToOneServer ? null
        : ConnectedServer.RunOf(lease.Connection) ?? await ConnectedServer.AskAsync(lease.Connection, cancellationToken).ConfigureAwait(false);

    /// <summary>The position that a server has answered with.</summary>
    internal ConsistencyToken TokenOf(NpgsqlDataReader answer)
    {
        var (layout, systemId) = _state.PrimaryIdentity;
        return TokenOf(systemId, NodeProbe.PositionOf(answer, layout));
    }

    private async ValueTask<ConsistencyToken> AskPositionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (layout, systemId) = _state.PrimaryIdentity;
        return TokenOf(systemId, await NodeProbe.AskPositionAsync(connection, layout, cancellationToken).ConfigureAwait(false));
    }

    private static ConsistencyToken TokenOf(long? systemId, (ulong Position, uint Timeline) at) => new(systemId ?? OwnSystem.Unclear, at.Timeline, at.Position);

    // What asks for more than that goes there through its session.
    private bool MustReadFromPrimary(ReadRoute route) =>
        _sessionsReadFromPrimary && route.Consistency < ReadConsistency.ReadYourWrites && Session is { } session && MustReadFromPrimary(session);

    private bool MustReadFromPrimary(ConsistencySession session) => session.ReadsFromPrimary && _state.Table.Primary.ReadPool is not null;

    // A scope that has ended can still be the value of a flow that split off while it was open; the one around it counts then.
    private SessionScope? OpenScope
    {
        get
        {
            var scope = _scope.Value;
            while (scope is { IsOpen: false })
                scope = scope.Outer;
            return scope;
        }
    }

    private ConsistencySession Import(ConsistencySession session, string? text, bool requireSignature)
    {
        if (string.IsNullOrEmpty(text))
            return session;
        if (!_monitoring)
            StartMonitoring();

        // Whatever the token stood for was written before it came here.
        var now = System.Diagnostics.Stopwatch.GetTimestamp();
        var outcome = ReadToken(text, requireSignature, out var token);
        if (outcome == TokenOutcome.Accepted && token.IsNone)
            return session;
        var time = 0L;
        if (outcome == TokenOutcome.Accepted && !_state.TryTimeOf(token, out time))
            outcome = TokenOutcome.OtherHistory;
        if (outcome == TokenOutcome.Accepted && time == 0)
            outcome = TokenOutcome.Ahead;
        Outcomes.Count(outcome);

        // A server's process of another cluster is none that could be asked for here.
        var uncertain = token.IsUncertain && !_state.IsForeign(token) ? UncertainWrites.Of(token.Backend) : null;

        // What was written after a failover that isn't known here yet no position tells of.
        var elsewhere = outcome == TokenOutcome.OtherHistory && FollowedRun is { } followed && _state.IsOfLaterTimeline(token)
            ? new WritesElsewhere(followed, null) : null;
        session.Raise(new SessionNeeds(time == 0 ? now : time, uncertain, HasWritten: true, Elsewhere: elsewhere));
        return session;
    }

    private TokenOutcome ReadToken(string text, bool requireSignature, out ConsistencyToken token)
    {
        if (TokenSigner.IsSigned(text))
            return _plan.Signer.Read(text, DateTimeOffset.UtcNow, out token);
        if (!ConsistencyToken.TryParse(text, out token))
            return TokenOutcome.Malformed;
        if (!requireSignature)
            return TokenOutcome.Accepted;

        // Nothing of what it says counts.
        token = default;
        return TokenOutcome.Forged;
    }
}
