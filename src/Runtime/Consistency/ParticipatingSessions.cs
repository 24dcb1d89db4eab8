namespace CompileTimeRouting;

/// <summary>
/// The sessions that took part in a unit of work, beside the one that it was begun in: to each of them it is a write that is
/// over at the commit.
/// </summary>
internal sealed class ParticipatingSessions
{
    private readonly Lock _lock = new();
    private readonly List<ConsistencySession> _sessions = [];
    private bool _isOver;

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

    public void End(bool isUncertain)
    {
        lock (_lock)
        {
            _isOver = true;
            foreach (var session in _sessions)
                session.Ended(SessionUse.Write, isUncertain);
            _sessions.Clear();
        }
    }
}
