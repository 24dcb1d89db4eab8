namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>Words of a text that make it unfit for a read, or that keep it from being known.</summary>
/// <param name="RuleId">The rule that they break.</param>
/// <param name="Start">Where they begin.</param>
/// <param name="Length">How many characters they have.</param>
/// <param name="Word">The words, or the function's name.</param>
/// <param name="Reason">A clause: what a replica makes of it.</param>
/// <param name="IsCertain">False for advice: the text doesn't tell.</param>
internal sealed record SqlFinding(string RuleId, int Start, int Length, string Word, string Reason, bool IsCertain = true);
