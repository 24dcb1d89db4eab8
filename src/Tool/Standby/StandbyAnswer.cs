namespace CompileTimeRouting.Tool.Standby;

/// <summary>What a standby said to one statement, or to all of a text.</summary>
/// <param name="Verdict">What it comes to.</param>
/// <param name="SqlState">The error's code; null without an error of the server.</param>
/// <param name="Message">The server's message, or why there is no verdict.</param>
/// <param name="Disagreement">How it differs from the classification; null where it doesn't.</param>
internal sealed record StandbyAnswer(StandbyVerdict Verdict, string? SqlState, string? Message, Disagreement? Disagreement = null)
{
    public static StandbyAnswer Served { get; } = new(StandbyVerdict.Served, null, null);

    public static StandbyAnswer NoVerdict(string reason) => new(StandbyVerdict.NoVerdict, null, reason);

    public static StandbyAnswer NotAsked(string reason) => new(StandbyVerdict.NotAsked, null, reason);

    /// <summary>The answer to a text of several statements: a disagreement first, then whatever kept it from being served.</summary>
    public static StandbyAnswer OfAll(IReadOnlyCollection<StandbyAnswer> answers) => answers
        .OrderBy(static a => a.Disagreement switch { Standby.Disagreement.Unsafe => 0, Standby.Disagreement.Wasteful => 1, _ => 2 })
        .ThenBy(static a => a.Verdict switch { StandbyVerdict.Refused => 0, StandbyVerdict.NoVerdict => 1, StandbyVerdict.NotAsked => 2, _ => 3 })
        .FirstOrDefault() ?? NoVerdict("there is no statement");
}
