using System.Collections.Concurrent;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>Which other methods must be followed before a body is.</summary>
internal sealed class FlowCalls(FlowFinder finder)
{
    /// <summary>Where more methods may run than these, nothing is said of the call.</summary>
    public const int MostTargets = 4;

    private readonly ConcurrentDictionary<IMethodSymbol, List<IMethodSymbol>> _callees = new(SymbolEqualityComparer.Default);

    public List<IMethodSymbol> Of(IMethodSymbol method, CancellationToken cancellationToken) =>
        _callees.TryGetValue(method, out var known) ? known : _callees.GetOrAdd(method, Find(method, cancellationToken));

    // Those of its local functions are its own.
    private List<IMethodSymbol> Find(IMethodSymbol method, CancellationToken cancellationToken)
    {
        var found = new List<IMethodSymbol>();
        var seen = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
        var pending = new Stack<IMethodSymbol>();
        pending.Push(method);
        while (pending.Count > 0)
        {
            var caller = pending.Pop();
            foreach (var call in finder.Effects.Body(caller, cancellationToken).Calls)
            {
                var targets = finder.Effects.Targets(caller, call);
                if (targets.Count > MostTargets)
                    continue;
                foreach (var target in targets)
                {
                    if (!seen.Add(target) || target.MethodKind == MethodKind.AnonymousFunction)
                        continue;
                    if (target.MethodKind == MethodKind.LocalFunction)
                        pending.Push(target);
                    else if (finder.MayLead(target) && RoutingAttributes.Marked(target, finder.Known) is null)
                        found.Add(target);
                }
            }
        }

        foreach (var action in finder.Redirects.Of(method, cancellationToken))
        {
            if (seen.Add(action))
                found.Add(action);
        }

        return found;
    }
}
