namespace CompileTimeRouting;

/// <summary>The time for which a session is that of a flow of execution: see <see cref="RoutedDataSource.UseSession"/>.</summary>
public sealed class SessionScope : IDisposable
{
    private volatile bool _isDisposed;

    internal SessionScope(ConsistencySession session, SessionScope? outer)
    {
        Session = session;
        Outer = outer;
    }

    internal ConsistencySession Session { get; }

    internal SessionScope? Outer { get; }

    // It can still be the value of a flow that split off while it was open: then it counts as none.
    internal bool IsOpen => !_isDisposed && Session.IsOpen;

    /// <summary>Ends the use; the session itself goes on. The session used before, if any, is that of the flow again.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Session.Source.Leave(this);
    }
}
