using System.Globalization;

namespace CompileTimeRouting;

/// <summary>One failed attempt of a routed call. Immutable; holds no credentials.</summary>
public sealed class RouteAttempt
{
    internal RouteAttempt(string nodeName, string? sqlState, string problem, DateTimeOffset failedAt, TimeSpan? duration)
    {
        NodeName = nodeName;
        SqlState = sqlState;
        Problem = problem;
        FailedAt = failedAt;
        Duration = duration;
    }

    /// <summary>The node that was tried, for example <c>replica-1</c>.</summary>
    public string NodeName { get; }

    /// <summary>The SQLSTATE the server answered with; null where it gave no answer.</summary>
    public string? SqlState { get; }

    /// <summary>
    /// Whether a server that is well refused the login, the database or a permission, or doesn't support what was asked for
    /// (SQLSTATE classes 28, 3D, 42 and 0A): it will do so again.
    /// </summary>
    public bool IsRefused => FailureClassifier.IsRefusal(SqlState);

    /// <summary>What went wrong, in words that hold no value of the caller's.</summary>
    public string Problem { get; }

    /// <summary>When it failed, by this process's clock.</summary>
    public DateTimeOffset FailedAt { get; }

    /// <summary>
    /// How long the attempt took. Null for a call's first one that had a connection, or had none blocking, where nobody listens
    /// to metrics or traces: then no call is timed that goes well.
    /// </summary>
    public TimeSpan? Duration { get; }

    /// <summary>Attempts in words, for messages.</summary>
    internal static string List(IEnumerable<RouteAttempt> attempts) => string.Join("; ", attempts);

    /// <summary>The attempt in words that hold no value of the caller's.</summary>
    /// <returns>Node, time, duration, problem and SQLSTATE.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{NodeName} at {FailedAt.UtcDateTime:HH:mm:ss.fff}Z{(Duration is { } time ? $" after {time.TotalMilliseconds:0.#} ms" : "")}: {Problem}{(SqlState is { } state ? $" ({state})" : "")}");
}
