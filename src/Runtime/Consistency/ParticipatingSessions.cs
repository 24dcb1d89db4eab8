namespace CompileTimeRouting;

/// <summary>The sessions whose calls are part of a unit of work: to each of them it is one write, over at the commit.</summary>
internal sealed class ParticipatingSessions
{
    private readonly Lock _lock = new();
    private readonly List<ConsistencySession> _sessions = [];
    private bool _isOver;

    /// <summary>Whether one of them will be exported.</summary>
    public bool WillExport
    {
        get
        {
            lock (_lock)
                return _sessions.Exists(static session => session.WillExport);
        }
    }

    /// <summary>The commit, where it brings the position back.</summary>
    public CommitWithPosition? Commit { get; set; }

    public void Add(ConsistencySession session)
    {
        lock (_lock)
        {
            if (_isOver || _sessions.Contains(session))
                return;
            session.PrimaryBegins(isWrite: true);
            _sessions.Add(session);
        }
    }

    /// <summary>It is over; called a second time it does nothing.</summary>
    /// <param name="uncertain">The write, where it may still come into effect; null where it is over.</param>
    /// <param name="elsewhere">The write, where it went to another server than the monitor follows.</param>
    /// <param name="taken">The position that the commit has brought back.</param>
    public void End(UncertainWrites? uncertain, WritesElsewhere? elsewhere, TakenPosition? taken)
    {
        foreach (var session in TakeAll())
            session.Ended(SessionUse.Write, uncertain, elsewhere, taken);
    }

    /// <summary>It never came to be.</summary>
    public void Abandon()
    {
        foreach (var session in TakeAll())
            session.Abandoned(SessionUse.Write);
    }

    private ConsistencySession[] TakeAll()
    {
        lock (_lock)
        {
            _isOver = true;
            var all = _sessions.ToArray();
            _sessions.Clear();
            return all;
        }
    }
}
