using System.Diagnostics;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// The failed attempts of one routed call. Made for generated shims, which hand it from one attempt to the next; a call
/// that succeeds at once has none. Used by one flow.
/// </summary>
public sealed class CallAttempts
{
    /// <summary>The most attempts of one read. A cluster that fails a call this often has more wrong than one node.</summary>
    internal const int Limit = 6;

    private readonly List<RouteAttempt> _failed = [];
    private long _begun;
    private TimeSpan _waited;
    private bool _isOver;
    private bool _mayHaveWritten;

    internal CallAttempts()
    {
    }

    internal IReadOnlyList<RouteAttempt> Failed => _failed;

    internal Exception? LastException { get; private set; }

    internal bool IsExhausted => _failed.Count >= Limit;

    internal bool IsLast => _failed.Count == Limit - 1;

    /// <summary>The node that took no writes in the last attempt; null where that one failed for another reason.</summary>
    internal string? RefusedBy => _failed is [.., { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } last] ? last.NodeName : null;

    /// <summary>Whether a pool had no connection free for as long as the call may wait.</summary>
    internal bool HasWaitedInVain { get; private set; }

    /// <summary>Notes that an attempt begins, and its waits are over.</summary>
    internal void Begin() => _begun = Stopwatch.GetTimestamp();

    /// <summary>Notes that an attempt failed.</summary>
    /// <param name="nodeName">The node it was made on.</param>
    /// <param name="exception">What it failed with.</param>
    /// <param name="duration">How long it took; null for the time since <see cref="Begin"/>, where that is known.</param>
    internal void Add(string nodeName, Exception exception, TimeSpan? duration = null)
    {
        duration ??= _begun == 0 ? null : Stopwatch.GetElapsedTime(_begun);
        _begun = 0;
        _failed.Add(new RouteAttempt(nodeName, FailureClassifier.SqlStateOf(exception), FailureClassifier.Describe(exception), DateTimeOffset.UtcNow, duration));
        LastException = exception;
    }

    /// <summary>Notes that no connection could be had.</summary>
    /// <param name="nodeName">The node.</param>
    /// <param name="exception">Why.</param>
    /// <param name="duration">How long it was waited for; null where nobody measured.</param>
    /// <param name="timeout">How long a call waits for a connection to that node.</param>
    internal void AddOpening(string nodeName, Exception exception, TimeSpan? duration, TimeSpan timeout)
    {
        // The first attempt of a blocking call isn't measured. Who was sent away by a time-out has waited for all of it.
        var isFull = FailureClassifier.IsPoolExhausted(exception);
        HasWaitedInVain |= isFull;
        if (duration is null && _begun == 0 && timeout > TimeSpan.Zero && (isFull || exception.InnerException is TimeoutException))
            duration = timeout;
        Add(nodeName, exception, duration);
        _waited += _failed[^1].Duration ?? TimeSpan.Zero;
    }

    /// <summary>What is left of the time that a call waits for connections, all its attempts together.</summary>
    /// <param name="timeout">How long that is.</param>
    internal TimeSpan LeftOf(TimeSpan timeout) =>
        timeout == Timeout.InfiniteTimeSpan ? timeout : timeout > _waited ? timeout - _waited : TimeSpan.Zero;

    /// <summary>The failure that was added last is the call's: no further attempt is made.</summary>
    /// <param name="mayHaveWritten">Whether it isn't certain that the last attempt has written nothing.</param>
    internal void GiveUp(bool mayHaveWritten = false) => (_isOver, _mayHaveWritten) = (true, mayHaveWritten);

    /// <exception cref="RoutedCallException">The call was given up.</exception>
    internal void ThrowIfOver(string routeName)
    {
        if (_isOver)
            throw Failure(routeName);
    }

    internal RoutedCallException Failure(string routeName) => new(routeName, _failed, LastException, _mayHaveWritten);

    internal bool HasTried(string nodeName)
    {
        foreach (var attempt in _failed)
        {
            if (attempt.NodeName == nodeName)
                return true;
        }

        return false;
    }
}
