using System.Collections.Immutable;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using CompileTimeRouting.Roslyn.DataAccess.Tables;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>What the places of one body read and write: by a route, by SQL or a context of their own, or through a method.</summary>
internal sealed class FlowSteps
{
    private readonly FlowBody _body;
    private readonly IMethodSymbol _method;
    private readonly ILookup<SyntaxNode, CallSite> _calls;
    private readonly ILookup<SyntaxNode, FlowWrite> _writes;
    private readonly ILookup<SyntaxNode, TableName> _tracked;
    private readonly HashSet<SyntaxNode> _saves;
    private readonly List<TableName> _ownTracked;

    public FlowSteps(FlowBody body, IMethodSymbol method)
    {
        _body = body;
        _method = method;
        var facts = Effects.Body(method, CancellationToken);
        var entities = Effects.Entities(method, CancellationToken);
        _calls = facts.Calls.ToLookup(static c => c.Syntax);
        _writes = facts.Sql.Where(static s => !s.IsRoutine && !s.IsReturned)
            .Select(s => (Site: s, Effects.Tables(s).Writes)).Where(static s => s.Writes.Count > 0)
            .Select(static s => (Call: CallAround(s.Site.Syntax), Write: Raw(s.Site.Api, s.Writes, CallAround(s.Site.Syntax))))
            .Concat(entities.Where(static e => e.Kind == EntityUseKind.Written).Select(e => (Call: e.Syntax, Write: Raw(NameOf(e.Syntax), Tables(e), e.Syntax))))
            .ToLookup(static w => w.Call, static w => w.Write);
        var isAnyNoted = entities.Any(static e => e.Kind == EntityUseKind.Tracked);
        var changes = entities.Where(e => e.IsWrittenBySave(isAnyNoted)).SelectMany(e => Effects.Tables(e).Select(t => (e.Syntax, e.IsNoted, Table: t))).ToList();
        // What is only read is changed where this very body saves.
        _saves = [.. entities.Where(static e => e.Kind == EntityUseKind.Saved).Select(static e => e.Syntax)];
        _ownTracked = [.. changes.Select(static c => c.Table).Distinct()];
        _tracked = changes.Where(static c => c.IsNoted).ToLookup(static c => c.Syntax, static c => c.Table);
    }

    private EffectFinder Effects => _body.Finder.Effects;

    private CancellationToken CancellationToken => _body.Walk.CancellationToken;

    /// <summary>Whether a place, other than a call of a routed method, may do anything.</summary>
    public bool IsPlace(SyntaxNode syntax) => _calls.Contains(syntax) || _writes.Contains(syntax) || _tracked.Contains(syntax) || _saves.Contains(syntax);

    /// <summary>Whether a place saves what was changed.</summary>
    public bool IsSave(FlowStep step) => _saves.Contains(step.Syntax);

    /// <summary>Adds what a call of a routed method does.</summary>
    /// <returns>Whether it is one.</returns>
    public bool AddRouted(FlowStep step, IMethodSymbol target)
    {
        var known = _body.Finder.Known;
        if (RoutingAttributes.Marked(target, known) is not { } marked)
            return false;
        var (read, write) = RoutingAttributes.Find(marked, known);
        // A core that is called with a connection runs on that one.
        var isCore = SymbolEqualityComparer.Default.Equals(marked, target.OriginalDefinition) && RoutingAttributes.IsOverloadForm(marked, known);
        AddRouted(step, marked, read, write, isCore);
        return true;
    }

    /// <summary>Adds what a call does that the compiler couldn't bind, as that of an overload that isn't generated yet.</summary>
    /// <returns>The method that is meant; null where none is.</returns>
    public IMethodSymbol? AddUnbound(FlowStep step, InvocationExpressionSyntax call)
    {
        var known = _body.Finder.Known;
        if (Effects.Source.Model(call.SyntaxTree)?.GetSymbolInfo(call, CancellationToken).CandidateSymbols is not { IsEmpty: false } candidates)
            return null;
        foreach (var candidate in candidates.OfType<IMethodSymbol>())
        {
            if (!RoutingAttributes.IsOverloadForm(candidate, known) || candidate.Parameters.Length <= call.ArgumentList.Arguments.Count)
                continue;
            var (read, write) = RoutingAttributes.Find(candidate, known);
            AddRouted(step, candidate.OriginalDefinition, read, write, isCore: false);
            return candidate;
        }

        return null;
    }

    /// <summary>Adds what the place itself does, and the methods that it calls.</summary>
    public void Add(FlowStep step)
    {
        step.Writes.AddRange(_writes[step.Syntax]);
        step.Tracked.AddRange(_tracked[step.Syntax]);
        foreach (var call in _calls[step.Syntax])
        {
            var targets = Effects.Targets(_method, call);
            if (targets.Count > FlowCalls.MostTargets)
                continue;
            foreach (var target in targets)
            {
                if (!AddRouted(step, target))
                    Add(step, Summarize(target), new FlowHop(NameOf(target), call.Syntax));
            }

            if (Effects.Tables(_method, call, CancellationToken).Writes is { Count: > 0 } given)
                step.Writes.Add(Raw(NameOf(call.Target), given, call.Syntax));
        }
    }

    /// <summary>Adds what the actions read that a call sends the browser to.</summary>
    public void AddRedirects(FlowStep step, IInvocationOperation call)
    {
        foreach (var action in _body.Finder.Redirects.Of(call))
        {
            var hop = new FlowHop(action.Name, call.Syntax);
            foreach (var read in _body.Finder.Summarize(action, _body.Walk).Reads)
                step.Reads.Add(read.Through(hop) with { IsOfNextRequest = true });
        }
    }

    /// <summary>Adds what runs where the place is, as a lambda that it is given.</summary>
    public static void Add(FlowStep step, FlowSummary summary)
    {
        step.Writes.AddRange(summary.Writes);
        step.Reads.AddRange(summary.Reads);
        step.Tracked.AddRange(summary.Tracked);
    }

    /// <summary>Adds the write of a save, which writes what the body and those that it calls have changed.</summary>
    public void AddSave(FlowStep step, IReadOnlyList<FlowStep> all)
    {
        if (!IsSave(step))
            return;
        EquatableArray<TableName> tables = all.SelectMany(static s => s.Tracked).Concat(_ownTracked).Distinct().ToArray();
        if (tables.Count > 0)
            step.Writes.Add(Raw(NameOf(step.Syntax), tables, step.Syntax));
    }

    private FlowSummary Summarize(IMethodSymbol target) => target.MethodKind switch
    {
        MethodKind.LocalFunction => _body.SummarizeLocal(target),
        MethodKind.AnonymousFunction => FlowSummary.Nothing,
        _ => _body.Finder.Summarize(target, _body.Walk),
    };

    private void AddRouted(FlowStep step, IMethodSymbol marked, AttributeData? read, AttributeData? write, bool isCore)
    {
        var tables = Effects.RoutedTables(marked, CancellationToken);
        if (write is not null)
        {
            if (tables.Writes.Count > 0)
                step.Writes.Add(new FlowWrite(marked.Name, tables.Writes, isCore ? null : marked, step.Syntax, ImmutableArray<FlowHop>.Empty));
        }
        else if (read is not null && !isCore && tables.Reads.Count > 0)
        {
            step.Reads.Add(new FlowRead(marked, tables.Reads, _body.Finder.IsFresh(read, marked), step.Syntax, ImmutableArray<FlowHop>.Empty));
        }
    }

    private static void Add(FlowStep step, FlowSummary summary, FlowHop hop)
    {
        step.Writes.AddRange(summary.Writes.Select(w => w.Through(hop)));
        step.Reads.AddRange(summary.Reads.Select(r => r.Through(hop)));
        step.Tracked.AddRange(summary.Tracked);
    }

    private EquatableArray<TableName> Tables(EntityUse use) => Effects.Tables(use).ToArray();

    private static FlowWrite Raw(string name, EquatableArray<TableName> tables, SyntaxNode place) => new(name, tables, null, place, ImmutableArray<FlowHop>.Empty);

    // The call, creation or assignment that the SQL is given to.
    private static SyntaxNode CallAround(SyntaxNode sql) =>
        sql.Ancestors().FirstOrDefault(static n => n is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or AssignmentExpressionSyntax or StatementSyntax) ?? sql;

    private static string NameOf(SyntaxNode call) => call switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Name.Identifier.ValueText,
        InvocationExpressionSyntax { Expression: SimpleNameSyntax name } => name.Identifier.ValueText,
        _ => "SaveChanges",
    };

    private static string NameOf(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.Constructor => "new " + method.ContainingType.Name,
        MethodKind.AnonymousFunction => "lambda expression",
        _ => method.AssociatedSymbol?.Name ?? method.Name,
    };
}
