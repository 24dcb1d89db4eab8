namespace CompileTimeRouting;

/// <summary>One failed attempt of a routed call. Immutable; holds no credentials.</summary>
public sealed class RouteAttempt
{
    internal RouteAttempt(string nodeName, string? sqlState, string problem, TimeSpan duration)
    {
        NodeName = nodeName;
        SqlState = sqlState;
        Problem = problem;
        Duration = duration;
    }

    /// <summary>The node that was tried, for example <c>replica-1</c>.</summary>
    public string NodeName { get; }

    /// <summary>The SQLSTATE the server answered with; null where it gave no answer.</summary>
    public string? SqlState { get; }

    /// <summary>What went wrong, in words that hold no value of the caller's.</summary>
    public string Problem { get; }

    /// <summary>How long the attempt took.</summary>
    public TimeSpan Duration { get; }
}
