namespace CompileTimeRouting.Cluster;

/// <summary>How a server lays out its write-ahead log.</summary>
/// <param name="PageSize">Bytes of a page.</param>
/// <param name="SegmentSize">Bytes of a segment, whose first page has a longer header.</param>
internal readonly record struct WalLayout(uint PageSize, uint SegmentSize)
{
    private const uint PageHeader = 24;
    private const uint SegmentHeader = 40;

    /// <summary>What servers have unless they were built or made otherwise.</summary>
    public static WalLayout Usual { get; } = new(8 * 1024, 16 * 1024 * 1024);

    /// <summary>
    /// The position that a replay of all that was written reaches. An insert position at the very beginning of a page stands
    /// behind the page's header, which comes with the next record only: an idle primary's standby stays in front of it.
    /// </summary>
    public ulong Reachable(ulong insertPosition)
    {
        var inPage = insertPosition % PageSize;
        var header = insertPosition % SegmentSize < PageSize ? SegmentHeader : PageHeader;
        return inPage <= header ? insertPosition - inPage : insertPosition;
    }
}
