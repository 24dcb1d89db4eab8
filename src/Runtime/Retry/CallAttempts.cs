using System.Diagnostics;

namespace CompileTimeRouting;

/// <summary>
/// The failed attempts of one routed call. Made for generated shims, which hand it from one attempt to the next; a call
/// that succeeds at once has none. Used by one flow.
/// </summary>
public sealed class CallAttempts
{
    /// <summary>The most attempts of one call. A cluster that fails a call this often has more wrong than one node.</summary>
    internal const int Limit = 6;

    private readonly List<RouteAttempt> _failed = [];
    private long _begun = Stopwatch.GetTimestamp();

    internal CallAttempts()
    {
    }

    internal IReadOnlyList<RouteAttempt> Failed => _failed;

    internal Exception? LastException { get; private set; }

    internal bool IsExhausted => _failed.Count >= Limit;

    internal void Add(string nodeName, Exception exception)
    {
        var now = Stopwatch.GetTimestamp();
        _failed.Add(new RouteAttempt(nodeName, FailureClassifier.SqlStateOf(exception), FailureClassifier.Describe(exception), Stopwatch.GetElapsedTime(_begun, now)));
        _begun = now;
        LastException = exception;
    }

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
