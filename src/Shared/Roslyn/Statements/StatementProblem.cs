namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>A rule that a statement breaks, without the location that only the analyzer needs.</summary>
/// <param name="RuleId">One of <see cref="RuleIds"/>.</param>
/// <param name="Place">Where it is broken.</param>
/// <param name="Start">The offset in the SQL, or the index of the shim's parameter.</param>
/// <param name="Length">The length in the SQL; 0 for all of it.</param>
/// <param name="Arguments">The message's arguments after the method's name.</param>
internal readonly record struct StatementProblem(string RuleId, StatementPlace Place, int Start, int Length, EquatableArray<string> Arguments);
