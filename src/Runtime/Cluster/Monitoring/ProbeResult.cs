namespace CompileTimeRouting.Cluster;

/// <summary>One probe of one node.</summary>
/// <param name="RequestedAt">The <see cref="System.Diagnostics.Stopwatch"/> time at which it began: of two probes that overlap the later one counts.</param>
/// <param name="QuestionAt">The time at which the question was sent: what it says was true after it.</param>
/// <param name="EndedAt">The time at which it ended.</param>
/// <param name="Answer">The answer; null where there was none.</param>
/// <param name="Problem">What is wrong and what to do, where there was none.</param>
/// <param name="TimedOut">Whether the node was silent, which a busy machine can be for a moment, too.</param>
/// <param name="IsOverload">Whether the node had no connection left.</param>
/// <param name="IsRefused">Whether the node is well, but refused the login or the question.</param>
/// <param name="ErrorType">Why there was no answer, in one word for metrics; null where there was one.</param>
/// <param name="IsLate">Whether the time-out itself came late: this process had no processor, and the silence says nothing of the node.</param>
internal sealed record ProbeResult(long RequestedAt, long QuestionAt, long EndedAt, ProbeAnswer? Answer, string? Problem, bool TimedOut, bool IsOverload = false, bool IsRefused = false, string? ErrorType = null, bool IsLate = false);
