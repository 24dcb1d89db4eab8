namespace BookedBarber.Visit;

internal enum Intent
{
    Read,
    Write,
    ReadInUnitOfWork,
    ReadInSession,
}

/// <summary>One call of the visit, and what the server that answered said of itself.</summary>
internal sealed record Act(string Call, Intent Intent, string Node, bool InRecovery, string Result)
{
    /// <summary>
    /// Reads belong on a standby; writes, and reads beside them in one transaction, on the primary. What must see its session's
    /// writes may be read from either.
    /// </summary>
    public bool WellRouted => Intent == Intent.ReadInSession || InRecovery == (Intent == Intent.Read);
}
