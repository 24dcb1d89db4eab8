using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn;

/// <summary>One method being read: what is known of it, and the rules found broken so far.</summary>
internal sealed class SignatureReading(IMethodSymbol method, MethodDeclarationSyntax declaration, KnownSymbols known, CancellationToken cancellationToken)
{
    private ImmutableArray<RoutingViolation>.Builder? _violations;

    public IMethodSymbol Method { get; } = method;

    public MethodDeclarationSyntax Declaration { get; } = declaration;

    public KnownSymbols Known { get; } = known;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public ImmutableArray<RoutingViolation> Violations => _violations?.ToImmutable() ?? ImmutableArray<RoutingViolation>.Empty;

    /// <summary>The first broken rule without which no shim would compile; null where there is none.</summary>
    public string? BlockedBy { get; private set; }

    /// <summary>Records a broken rule.</summary>
    /// <param name="ruleId">One of <see cref="RuleIds"/>.</param>
    /// <param name="location">Where; null for the method's name.</param>
    /// <param name="arguments">The message's arguments after the method's name.</param>
    public void Break(string ruleId, Location? location, params string[] arguments)
    {
        if (ruleId is not (RuleIds.ResultEscapes or RuleIds.AttributeValue or RuleIds.NotOneTransaction))
            BlockedBy ??= ruleId;
        (_violations ??= ImmutableArray.CreateBuilder<RoutingViolation>()).Add(
            new RoutingViolation(ruleId, location ?? Declaration.Identifier.GetLocation(), ImmutableArray.Create(Method.Name).AddRange(arguments)));
    }
}
