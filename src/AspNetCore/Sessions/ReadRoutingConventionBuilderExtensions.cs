using CompileTimeRouting.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Says of endpoints where the reads of their requests go.</summary>
public static class ReadRoutingConventionBuilderExtensions
{
    private static readonly RouteToPrimaryAttribute ToPrimary = new();
    private static readonly AllowReplicaAttribute ToReplicas = new();

    /// <summary>Does what <see cref="RouteToPrimaryAttribute"/> does.</summary>
    /// <typeparam name="TBuilder">What is mapped.</typeparam>
    /// <param name="builder">The endpoints.</param>
    /// <returns>The same endpoints.</returns>
    public static TBuilder RouteToPrimary<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(ToPrimary);

    /// <summary>Does what <see cref="AllowReplicaAttribute"/> does.</summary>
    /// <typeparam name="TBuilder">What is mapped.</typeparam>
    /// <param name="builder">The endpoints.</param>
    /// <returns>The same endpoints.</returns>
    public static TBuilder AllowReplica<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(ToReplicas);
}
