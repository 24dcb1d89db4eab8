namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>The reads whose answers a value may hold, or something made of them. Each bit of a mask is a read.</summary>
/// <param name="Whole">More than the key of a row.</param>
/// <param name="Key">Nothing but what says which row is meant: <c>order.Id</c>.</param>
internal readonly record struct FlowValue(ulong Whole, ulong Key)
{
    public ulong Any => Whole | Key;

    public FlowValue Or(FlowValue other) => new(Whole | other.Whole, Key | other.Key);

    public FlowValue AsKey() => new(0, Any);

    public FlowValue AsWhole() => new(Any, 0);
}
