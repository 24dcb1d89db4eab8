namespace CompileTimeRouting.Cluster.Balancing;

/// <summary>Smooth weighted round robin, computed once: a pick is then one increment and an array read.</summary>
internal static class TurnSchedule
{
    /// <summary>The longest round. Shares are exact where a shorter round has them, and to one turn of this otherwise.</summary>
    internal const int MaxTurns = 1000;

    public static NodePool[] Of(IReadOnlyList<(NodePool Pool, double Weight)> replicas)
    {
        if (replicas.Count == 1)
            return [replicas[0].Pool];
        var total = replicas.Sum(static r => r.Weight);
        var length = RoundLength(replicas, total);
        var shares = replicas.Select(r => r.Weight / total * length).ToArray();
        if (length < MaxTurns)
            shares = [.. shares.Select(static s => Math.Round(s))];

        var credit = new double[shares.Length];
        var turns = new NodePool[length];
        for (var turn = 0; turn < turns.Length; turn++)
        {
            var best = 0;
            for (var i = 0; i < credit.Length; i++)
            {
                credit[i] += shares[i];
                if (credit[i] > credit[best])
                    best = i;
            }

            credit[best] -= length;
            turns[turn] = replicas[best].Pool;
        }

        return turns;
    }

    // A round in which every share is a whole number of turns ends as it began, so that rounds join without a seam.
    private static int RoundLength(IReadOnlyList<(NodePool Pool, double Weight)> replicas, double total)
    {
        for (var length = replicas.Count; length < MaxTurns; length++)
        {
            var whole = true;
            foreach (var (_, weight) in replicas)
            {
                var share = weight / total * length;
                whole &= Math.Abs(share - Math.Round(share)) < 1e-6 && share > 0.5;
            }

            if (whole)
                return length;
        }

        return MaxTurns;
    }
}
