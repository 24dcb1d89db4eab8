namespace CompileTimeRouting.Cluster;

/// <summary>What one probe was told.</summary>
/// <param name="Identity">Who answered.</param>
/// <param name="InRecovery">Whether it is a standby.</param>
/// <param name="Position">The position that a replay of all that is written on a primary reaches, or the one replayed on a standby; null where there is none.</param>
/// <param name="Timeline">A primary's timeline; the one a standby is proved to follow; null where none is.</param>
internal sealed record ProbeAnswer(ServerIdentity Identity, bool InRecovery, ulong? Position, uint? Timeline)
{
    /// <summary>The timeline that a standby receives; null where it receives none, or the role may not see it.</summary>
    public uint? ReceivedTimeline { get; init; }

    /// <summary>Whether a standby has a WAL receiver running, as any role may see.</summary>
    public bool IsReceiving { get; init; }

    /// <summary>Whether a standby has received something that it hasn't replayed yet.</summary>
    public bool HasUnreplayed { get; init; }

    /// <summary>How far behind a standby says it is, where it has no position; null where it says nothing.</summary>
    public TimeSpan? ReportedLag { get; init; }
}
