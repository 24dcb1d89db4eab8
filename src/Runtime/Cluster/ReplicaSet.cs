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
    private int _turn;

    /// <param name="replicas">At least one pool, each with a weight above zero.</param>
    /// <param name="start">The turn to begin with.</param>
    /// <param name="mode">How one is chosen.</param>
    public ReplicaSet(IReadOnlyList<(NodePool Pool, double Weight)> replicas, int start = 0, BalancingMode mode = BalancingMode.Default)
    {
        _mode = mode;
        var total = replicas.Sum(static r => r.Weight);
        _replicas = [.. replicas.Select(r => (r.Pool, r.Weight / total))];
        _turns = TurnSchedule.Of(replicas);
        _turn = start % _turns.Length;
    }

    /// <summary>The turn that comes next, for the set that replaces this one.</summary>
    public int NextTurn => Volatile.Read(ref _turn);

    internal int Turns => _turns.Length;

    /// <summary>The replica whose turn it is, or one with less to do.</summary>
    public NodePool Next()
    {
        var turns = _turns;
        if (turns.Length == 1)
            return turns[0];

        // Two threads at the same moment may take one turn together. It may be any, so that the shares stay; an atomic increment
        // and a division would be a tenth of what a lease costs.
        var index = _turn;
        _turn = index + 1 < turns.Length ? index + 1 : 0;
        var turn = turns[index];
        if (_mode == BalancingMode.RoundRobin)
            return turn;
        var leases = turn.Leases;
        if (_mode == BalancingMode.LeastInFlight)
            return leases == 0 ? turn : LessBusyOfTwo(turn, leases);
        return leases >= turn.MaxSize ? WithRoom(turn) : leases > Busy ? LessBusy(turn) : turn;
    }

    /// <summary>The same among those whose server has a connection left, as far as is known; null for none.</summary>
    public NodePool? NextWithPlace()
    {
        var turn = Next();
        return turn.TurnsAway ? LeastBusyWithPlace() : turn;
    }

    /// <summary>The replica whose turn it is among those that no attempt has failed on; null for none. Where there is no choice it takes no turn.</summary>
    /// <param name="attempts">The attempts.</param>
    /// <param name="mayBeFull">Whether it may be one whose server has no connection left, as far as is known.</param>
    public NodePool? NextUntried(CallAttempts attempts, bool mayBeFull = false)
    {
        NodePool? only = null;
        var untried = 0;
        foreach (var (pool, _) in _replicas)
        {
            if (attempts.HasTried(pool.NodeName) || (pool.IsFull && !mayBeFull))
                continue;
            only = pool;
            untried++;
        }

        if (untried < 2)
            return only;
        for (var i = 0; i < _turns.Length; i++)
        {
            var turn = Next();
            if (!attempts.HasTried(turn.NodeName) && (mayBeFull || !turn.IsFull))
                return turn;
        }

        return only;
    }

    /// <summary>A replica that has everything acknowledged before a time; null for none.</summary>
    public NodePool? NextCovering(long time)
    {
        var turn = Next();
        return Covers(turn, time) && !turn.TurnsAway ? turn : LeastBusyCovering(time, null);
    }

    /// <summary>The same among those that no attempt has failed on.</summary>
    public NodePool? NextCovering(long time, CallAttempts attempts) => LeastBusyCovering(time, attempts);

    private NodePool? LeastBusyCovering(long time, CallAttempts? attempts)
    {
        NodePool? best = null;
        foreach (var (pool, _) in _replicas)
        {
            if (Covers(pool, time) && attempts?.HasTried(pool.NodeName) != true && IsBetter(pool, best))
                best = pool;
        }

        return best;
    }

    // Who has no place serves where nobody else covers.
    private static bool IsBetter(NodePool pool, NodePool? than) =>
        than is null || (pool.IsFull, than.IsFull) switch
        {
            (true, false) => false,
            (false, true) => true,
            _ => pool.Leases < than.Leases,
        };

    private NodePool? LeastBusyWithPlace()
    {
        NodePool? best = null;
        foreach (var (pool, _) in _replicas)
        {
            if (!pool.IsFull && (best is null || pool.Leases < best.Leases))
                best = pool;
        }

        return best;
    }

    // Where a pooler chooses the server, nobody knows whose answer comes.
    private static bool Covers(NodePool pool, long time) => pool.CoveredAt >= time && !pool.BeginsReadOnly;

    // Two choices at random would do, were the weights equal. The one by turn keeps them where little runs, and between
    // replicas that have as much to do as their weights say: the other one must be no busier with this read than the turn is
    // without it.
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
        return (other.Leases + 1) / otherShare <= leases / share ? other : turn;
    }

    /// <inheritdoc cref="NextCovering(long)"/>
    /// <param name="time">The time; 0 where any replica will do.</param>
    /// <param name="server">The server that has it, by its start time; null where any will do.</param>
    /// <param name="attempts">The attempts of the read that failed, whose replicas are left out; null for none.</param>
    public NodePool? NextCovering(long time, out string? server, CallAttempts? attempts = null)
    {
        server = null;
        if (time == 0)
            return attempts is null ? NextWithPlace() ?? Next() : NextUntried(attempts);
        var covering = attempts is null ? NextCovering(time) : NextCovering(time, attempts);
        return covering is { } pool && pool.Covers(time, out server) ? pool : null;
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

    // The turns alone keep the weights while all replicas are alike. Only one that falls behind, with more
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
