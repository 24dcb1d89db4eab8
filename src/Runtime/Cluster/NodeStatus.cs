namespace CompileTimeRouting.Cluster;

/// <summary>What a check found out about a node.</summary>
/// <param name="State">Whether it is good.</param>
/// <param name="Problem">What is wrong and what to do; null where nothing is.</param>
/// <param name="ServerVersion">The version it told, now or earlier.</param>
/// <param name="LastChecked">When the check ended.</param>
/// <param name="Begun">The <see cref="System.Diagnostics.Stopwatch"/> time at which the check began: of two checks that overlap the later one counts.</param>
internal sealed record NodeStatus(NodeState State, string? Problem, string? ServerVersion, DateTimeOffset? LastChecked, long Begun)
{
    public static NodeStatus Unverified { get; } = new(NodeState.Unverified, null, null, null, long.MinValue);
}
