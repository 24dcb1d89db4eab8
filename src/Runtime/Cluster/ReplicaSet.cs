using CompileTimeRouting.Cluster.Balancing;

namespace CompileTimeRouting.Cluster;

/// <summary>The replicas that may serve one group of reads, and whose turn it is.</summary>
internal sealed class ReplicaSet
{
    // Below this many reads at once no node is called busy: a few threads that lose the processor make such differences.
    private const int Busy = 16;

    private const int TooMany = 4;

    private readonly BalancingMode _mode;
    private readonly NodePool[] _turns;
    private readonly (NodePool Pool, double Share)[] _replicas;
    private uint _next;

    /// <param name="replicas">At least one pool, each with a weight above zero.</param>
    /// <param name="start">The turn to begin with.</param>
    /// <param name="mode">How one is chosen.</param>
    public ReplicaSet(IReadOnlyList<(NodePool Pool, double Weight)> replicas, uint start = 0, BalancingMode mode = BalancingMode.Default)
    {
        _mode = mode;
        _next = unchecked(start - 1);
        var total = replicas.Sum(static r => r.Weight);
        _replicas = [.. replicas.Select(r => (r.Pool, r.Weight / total))];
        _turns = TurnSchedule.Of(replicas);
    }

    /// <summary>The turn that comes next, for the set that replaces this one.</summary>
    public uint NextTurn => unchecked(Volatile.Read(ref _next) + 1);

    internal int Turns => _turns.Length;

    /// <summary>The replica whose turn it is, or one with less to do.</summary>
    public NodePool Next()
    {
        var turns = _turns;
        if (turns.Length == 1)
            return turns[0];
        var turn = turns[Interlocked.Increment(ref _next) % (uint)turns.Length];
        if (_mode == BalancingMode.RoundRobin)
            return turn;
        var leases = turn.Leases;
        if (_mode == BalancingMode.LeastInFlight)
            return leases == 0 ? turn : LessBusyOfTwo(turn, leases);
        return leases >= turn.MaxSize ? WithRoom(turn) : leases > Busy ? LessBusy(turn) : turn;
    }

    /// <summary>The replica whose turn it is among those that no attempt has failed on; null for none. Where there is no choice it takes no turn.</summary>
    public NodePool? NextUntried(CallAttempts attempts)
    {
        NodePool? only = null;
        var untried = 0;
        foreach (var (pool, _) in _replicas)
        {
            if (attempts.HasTried(pool.NodeName))
                continue;
            only = pool;
            untried++;
        }

        if (untried < 2)
            return only;
        for (var i = 0; i < _turns.Length; i++)
        {
            var turn = Next();
            if (!attempts.HasTried(turn.NodeName))
                return turn;
        }

        return only;
    }

    /// <summary>A replica that has everything acknowledged before a time; null for none.</summary>
    public NodePool? NextCovering(long time)
    {
        var turn = Next();
        return Covers(turn, time) ? turn : LeastBusyCovering(time, null);
    }

    /// <summary>The same among those that no attempt has failed on.</summary>
    public NodePool? NextCovering(long time, CallAttempts attempts) => LeastBusyCovering(time, attempts);

    private NodePool? LeastBusyCovering(long time, CallAttempts? attempts)
    {
        NodePool? best = null;
        foreach (var (pool, _) in _replicas)
        {
            if (Covers(pool, time) && (best is null || pool.Leases < best.Leases) && attempts?.HasTried(pool.NodeName) != true)
                best = pool;
        }

        return best;
    }

    // Where a pooler chooses the server, nobody knows whose answer comes.
    private static bool Covers(NodePool pool, long time) => pool.CoveredAt >= time && !pool.BeginsReadOnly;

    // Two choices at random would do, were the weights equal. The one by turn keeps them where nothing runs, and between
    // replicas that have as much to do as their weights say.
    private NodePool LessBusyOfTwo(NodePool turn, int leases)
    {
        var replicas = _replicas;
        var share = 0.0;
        foreach (var (pool, weight) in replicas)
        {
            if (pool == turn)
                share = weight;
        }

        var (other, otherShare) = replicas[Random.Shared.Next(replicas.Length)];
        return other.Leases / otherShare < leases / share ? other : turn;
    }

    /// <inheritdoc cref="NextCovering(long)"/>
    /// <param name="time">The time.</param>
    /// <param name="server">The server that has it, by its start time; null where any will do.</param>
    public NodePool? NextCovering(long time, out string? server)
    {
        server = null;
        if (time == 0)
            return Next();
        return NextCovering(time) is { } pool && pool.Covers(time, out server) ? pool : null;
    }

    /// <summary>The time that the freshest of them covers.</summary>
    public long CoveredAt
    {
        get
        {
            var newest = 0L;
            foreach (var (pool, _) in _replicas)
                newest = Math.Max(newest, pool.CoveredAt);
            return newest;
        }
    }

    /// <summary>Whether a pool is one of these.</summary>
    public bool Contains(NodePool pool)
    {
        foreach (var (member, _) in _replicas)
        {
            if (member == pool)
                return true;
        }

        return false;
    }

    // Whoever comes to a pool that is used up waits for its longest read; where all are, one waits with the fewest others.
    private NodePool WithRoom(NodePool turn)
    {
        var best = turn;
        foreach (var (pool, _) in _replicas)
        {
            if ((double)pool.Leases / pool.MaxSize < (double)best.Leases / best.MaxSize)
                best = pool;
        }

        return best;
    }

    // The turns alone keep the weights to the last read while all replicas are alike. Only one that falls behind, with more
    // than four times the reads, for its weight, of the one that has least, gives turns away to that one.
    private NodePool LessBusy(NodePool turn)
    {
        var share = 1.0;
        var best = turn;
        var least = double.MaxValue;
        foreach (var (pool, weight) in _replicas)
        {
            var leases = pool.Leases;
            if (pool == turn)
                share = weight;
            if (leases / weight < least)
                (best, least) = (pool, leases / weight);
        }

        return turn.Leases > Busy + (TooMany * least * share) ? best : turn;
    }
}
