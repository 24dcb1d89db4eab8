using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>A read that misses, or may be older than, a write of the same flow.</summary>
/// <param name="RuleId">The rule that speaks of it.</param>
/// <param name="ReadStep">The place of the read in the body.</param>
/// <param name="Read">The read.</param>
/// <param name="WriteStep">The place of the write in the body.</param>
/// <param name="Write">The write.</param>
/// <param name="Table">A table of both; of a finding without one, what is read.</param>
internal sealed record FlowFinding(string RuleId, SyntaxNode ReadStep, FlowRead Read, SyntaxNode WriteStep, FlowWrite Write, string Table)
{
    /// <summary>False for advice.</summary>
    public bool IsCertain { get; init; } = true;

    /// <summary>A verb: what the answer does to the write.</summary>
    public string Verb { get; init; } = "";
}
