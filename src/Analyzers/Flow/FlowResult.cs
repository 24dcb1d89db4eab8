namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>What is known of a method.</summary>
/// <param name="Summary">What its callers must know.</param>
/// <param name="Findings">What is wrong in it.</param>
internal sealed record FlowResult(FlowSummary Summary, IReadOnlyList<FlowFinding> Findings)
{
    public static readonly FlowResult Nothing = new(FlowSummary.Nothing, []);
}
