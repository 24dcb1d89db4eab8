using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>A rule that a routed method breaks. For the analyzer only: it holds a location, so it never enters the generator's pipeline.</summary>
/// <param name="RuleId">One of <see cref="RuleIds"/>, which says what <paramref name="Arguments"/> hold.</param>
/// <param name="Location">Where the rule is broken.</param>
/// <param name="Arguments">The arguments of the rule's message.</param>
internal sealed record RoutingViolation(string RuleId, Location Location, ImmutableArray<string> Arguments);
