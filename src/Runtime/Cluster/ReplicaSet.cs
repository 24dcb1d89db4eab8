namespace CompileTimeRouting.Cluster;

/// <summary>
/// The replicas that may serve one group, and whose turn it is. The turns follow smooth weighted round robin, computed
/// once: a pick is one interlocked increment and an array read.
/// </summary>
internal sealed class ReplicaSet
{
    /// <summary>Turns in one round; shares are exact to 1/<see cref="Turns"/> of the weights.</summary>
    internal const int Turns = 1000;

    private readonly NodePool[] _turns;
    private uint _next = uint.MaxValue;

    /// <param name="replicas">At least one pool, each with a weight above zero.</param>
    public ReplicaSet(IReadOnlyList<(NodePool Pool, double Weight)> replicas)
    {
        _turns = replicas.Count == 1 ? [replicas[0].Pool] : Schedule(replicas);
    }

    public NodePool Next()
    {
        var turns = _turns;
        return turns.Length == 1 ? turns[0] : turns[Interlocked.Increment(ref _next) % (uint)turns.Length];
    }

    private static NodePool[] Schedule(IReadOnlyList<(NodePool Pool, double Weight)> replicas)
    {
        var total = replicas.Sum(static r => r.Weight);
        var credit = new double[replicas.Count];
        var turns = new NodePool[Turns];
        for (var turn = 0; turn < turns.Length; turn++)
        {
            var best = 0;
            for (var i = 0; i < credit.Length; i++)
            {
                credit[i] += replicas[i].Weight;
                if (credit[i] > credit[best])
                    best = i;
            }

            credit[best] -= total;
            turns[turn] = replicas[best].Pool;
        }

        return turns;
    }
}
