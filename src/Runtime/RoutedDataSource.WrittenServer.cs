using CompileTimeRouting.Cluster;

namespace CompileTimeRouting;

// Whether what a session wrote went to the server whose positions are collected. Behind an address that was moved from one
// server to another the probes' connections may still lead to the former, which says nothing of what is written on the latter.
public sealed partial class RoutedDataSource
{
    /// <summary>The run of the server whose positions are collected; null where none are.</summary>
    internal string? FollowedRun => _state.FollowedRun;

    /// <summary>Compares the server that a connection leads to with the one that is followed; where it is another one, the monitor looks again.</summary>
    /// <param name="pool">The pool of the connection.</param>
    /// <param name="run">The server's run; null where it isn't known.</param>
    /// <returns>What a session is to know of a write there; null where there is nothing.</returns>
    internal WritesElsewhere? Compare(NodePool pool, string? run)
    {
        if (run is null || !pool.LeadsToOneServer || FollowedRun is not { } followed || followed == run)
            return null;
        _state.LeadsElsewhere(pool);
        return new WritesElsewhere(followed, run);
    }

    /// <summary>Whether positions of a pool's server are of use: where nobody collects them, an export asks again in any case.</summary>
    internal bool CollectsPositions(NodePool pool) => !pool.LeadsToOneServer || FollowedRun is not null;

    /// <summary>Whether a position that was asked for on a connection is one of those that are collected, as far as that can be told.</summary>
    /// <param name="pool">The pool of the connection.</param>
    /// <param name="run">The server's run; null where it isn't known.</param>
    internal bool IsFollowed(NodePool pool, string? run) => !pool.LeadsToOneServer || (run is not null && run == FollowedRun);
}
