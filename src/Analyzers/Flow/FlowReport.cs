using System.Collections.Immutable;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>Puts a finding into words. The diagnostic stands at the read; the write, and where the ways lead, are additional locations.</summary>
internal static class FlowReport
{
    public static Diagnostic Create(FlowFinding finding)
    {
        var (read, write) = (finding.Read, finding.Write);
        var others = new List<Location> { finding.WriteStep.GetLocation() };
        others.AddRange(write.Path.Skip(1).Select(static h => h.Call.GetLocation()));
        if (!write.Path.IsEmpty)
            others.Add(write.Place.GetLocation());
        others.AddRange(read.Path.Skip(1).Select(static h => h.Call.GetLocation()));
        if (!read.Path.IsEmpty)
            others.Add(read.Place.GetLocation());
        var descriptor = Descriptors.Of(finding.RuleId);
        object[] arguments = finding.RuleId == RuleIds.DecidesWrite
            ? [read.Method.Name, finding.Verb, write.Name, finding.Table, Way(finding)]
            : [read.Method.Name, finding.Table, write.Name, Way(finding)];
        var properties = ImmutableDictionary<string, string?>.Empty.Add(ConsistencyAnalyzer.ReadProperty, read.Method.GetDocumentationCommentId());
        return finding.IsCertain
            ? Diagnostic.Create(descriptor, finding.ReadStep.GetLocation(), others, properties, arguments)
            : Diagnostic.Create(descriptor, finding.ReadStep.GetLocation(), DiagnosticSeverity.Info, others, properties, arguments);
    }

    // The methods that lead to the write, and those that lead to the read.
    private static string Way(FlowFinding finding)
    {
        var ways = new List<string>();
        if (!finding.Write.Path.IsEmpty)
            ways.Add(Chain(finding.Write.Path, finding.Write.Name));
        if (!finding.Read.Path.IsEmpty)
            ways.Add(Chain(finding.Read.Path, finding.Read.Method.Name));
        return ways.Count == 0 ? "" : $" ({string.Join(", then ", ways)})";
    }

    private static string Chain(IEnumerable<FlowHop> path, string last) => string.Join(" → ", path.Select(static h => h.Name).Append(last).Select(static n => $"'{n}'"));
}
