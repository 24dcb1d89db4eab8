using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers;

/// <summary>
/// What is reported of one read. A diagnostic stands in the method's own file, at the words or the call in it; where else the
/// chain leads are additional locations.
/// </summary>
/// <param name="method">The method with the attribute.</param>
/// <param name="body">The method whose code it runs: itself, or its core.</param>
/// <param name="report">Takes the diagnostics.</param>
internal sealed class ReadEffectReport(IMethodSymbol method, IMethodSymbol body, Action<Diagnostic> report)
{
    private readonly HashSet<(string, Location)> _said = [];

    /// <summary>Reports words of the SQL in the attribute.</summary>
    public void Add(SqlFinding finding, Location location)
    {
        if (finding.RuleId == RuleIds.UnknownSql)
            Report(finding.RuleId, location, true, [], finding.Reason);
        else
            Report(finding.RuleId, location, finding.IsCertain, [], finding.Word, finding.Reason);
    }

    /// <summary>Reports what the method's code does.</summary>
    public void Add(IReadOnlyList<ReachedEffect> effects)
    {
        var writes = effects.Any(static e => e.IsWrite);
        foreach (var effect in effects)
        {
            // What is tracked is saved where the method writes.
            if (effect.RuleId == RuleIds.TracksChange && writes)
                continue;
            if (effect.Path.IsEmpty)
                AddOwn(effect);
            else
                AddReached(effect);
        }
    }

    private void AddOwn(ReachedEffect effect)
    {
        var at = effect.Syntax.GetLocation();
        var isHere = effect.Words is { } words && words.SourceTree == at.SourceTree && IsInMethod(words);
        var primary = Near(isHere ? effect.Words! : at);
        var others = effect.Words is { } elsewhere && !isHere ? [elsewhere] : Array.Empty<Location>();
        if (effect.RuleId == RuleIds.UnknownSql)
            Report(effect.RuleId, primary, true, others, effect.Reason);
        else
            Report(effect.RuleId, primary, effect.IsCertain, others, effect.Word, effect.Reason);
    }

    private void AddReached(ReachedEffect effect)
    {
        var primary = Near(effect.Path[0].Syntax.GetLocation());
        var hops = effect.Path.Skip(1).Select(static c => c.Syntax.GetLocation()).Append(effect.Words ?? effect.Syntax.GetLocation()).ToArray();
        var chain = string.Join(" → ", effect.Path.Select(static c => $"'{(c.IsChosen ? c.Target.ContainingType.Name + "." : "")}{Name(c.Target)}'"));
        if (effect.IsWrite)
            Report(RuleIds.ReachesWrite, primary, true, hops, chain, effect.Word, effect.Reason);
        else if (effect.RuleId == RuleIds.UnknownSql)
            Report(effect.RuleId, primary, true, hops, $"in {chain} {effect.Reason}");
        else
            Report(effect.RuleId, primary, effect.IsCertain, hops, effect.Word, effect.Reason);
    }

    private static string Name(IMethodSymbol called) => called.MethodKind switch
    {
        MethodKind.Constructor => "new " + called.ContainingType.Name,
        MethodKind.AnonymousFunction => "lambda expression",
        MethodKind.PropertyGet or MethodKind.PropertySet => called.AssociatedSymbol?.Name ?? called.Name,
        _ => called.Name,
    };

    private void Report(string ruleId, Location location, bool isCertain, Location[] others, params string[] arguments)
    {
        if (!_said.Add((ruleId, location)))
            return;
        var descriptor = Descriptors.Of(ruleId);
        object[] all = [method.Name, .. arguments];
        report(isCertain
            ? Diagnostic.Create(descriptor, location, others, all)
            : Diagnostic.Create(descriptor, location, DiagnosticSeverity.Info, others, null, all));
    }

    private bool IsInMethod(Location location) => IsIn(body, location) || IsIn(method, location);

    private static bool IsIn(IMethodSymbol container, Location location) =>
        (container.PartialImplementationPart ?? container).DeclaringSyntaxReferences.Any(r => r.SyntaxTree == location.SourceTree && r.Span.Contains(location.SourceSpan));

    // The core may stand in a base class of another file: then the method's name has to do.
    private Location Near(Location location) =>
        method.Locations.Any(l => l.SourceTree == location.SourceTree) || method.PartialImplementationPart?.Locations.Any(l => l.SourceTree == location.SourceTree) == true
            ? location
            : method.Locations.FirstOrDefault() ?? location;
}
