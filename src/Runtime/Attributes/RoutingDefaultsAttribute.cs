namespace CompileTimeRouting;

/// <summary>What the routed methods of an assembly ask for where their own attributes say nothing.</summary>
/// <remarks>Read at compile time: it holds for the methods that the assembly declares, wherever they are called.</remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class RoutingDefaultsAttribute : Attribute
{
    /// <summary>
    /// What a <see cref="ReadQueryAttribute"/> without <see cref="ReadQueryAttribute.Consistency"/> must see. Default:
    /// <see cref="ReadConsistency.Eventual"/>.
    /// </summary>
    public ReadConsistency Consistency { get; set; }
}
