using System.Collections.Immutable;
using CompileTimeRouting.Roslyn.Models;

namespace CompileTimeRouting.Roslyn;

/// <summary>What was read of one method.</summary>
/// <param name="Model">What a shim is generated from; null where nothing is generated.</param>
/// <param name="Violations">
/// The rules the method breaks. A model can come with violations: those don't keep the shim from compiling, or it is
/// <see cref="RoutedMethod.RefusedBy">refused</see> for one.
/// </param>
internal readonly record struct RoutedMethodReading(RoutedMethod? Model, ImmutableArray<RoutingViolation> Violations)
{
    /// <summary>The reading of a method without a routing attribute.</summary>
    public static RoutedMethodReading Nothing { get; } = new(null, ImmutableArray<RoutingViolation>.Empty);
}
