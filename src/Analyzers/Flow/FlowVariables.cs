using System.Collections.Immutable;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>What the variables of a flow hold at one place: locals, parameters, members of the own object, and what the compiler keeps.</summary>
internal readonly record struct FlowVariables(ImmutableDictionary<object, FlowValue> Values)
{
    public static readonly FlowVariables None = new(ImmutableDictionary<object, FlowValue>.Empty);

    public FlowValue this[object variable] => Values.TryGetValue(variable, out var value) ? value : default;

    public FlowVariables Set(object variable, FlowValue value) =>
        new(value == default ? Values.Remove(variable) : Values.SetItem(variable, value));

    /// <summary>What may be held where two ways join.</summary>
    public FlowVariables Or(FlowVariables other)
    {
        if (Values == other.Values || other.Values.IsEmpty)
            return this;
        if (Values.IsEmpty)
            return other;
        var all = Values;
        foreach (var (variable, value) in other.Values.Select(static p => (p.Key, p.Value)))
            all = all.SetItem(variable, this[variable].Or(value));
        return new(all);
    }
}
