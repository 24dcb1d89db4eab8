namespace CompileTimeRouting.Roslyn.DataAccess.Tables;

/// <summary>The tables that code is known to read and to write. What isn't known is left out.</summary>
/// <param name="Reads">Each once.</param>
/// <param name="Writes">Each once.</param>
internal sealed record TableAccess(EquatableArray<TableName> Reads, EquatableArray<TableName> Writes)
{
    public static readonly TableAccess None = new(EquatableArray<TableName>.Empty, EquatableArray<TableName>.Empty);

    public bool IsNone => Reads.Count == 0 && Writes.Count == 0;

    /// <summary>A table that is in both lists; null without one.</summary>
    public static TableName? Common(EquatableArray<TableName> left, EquatableArray<TableName> right)
    {
        foreach (var one in left)
        {
            foreach (var other in right)
            {
                if (one.MayBe(other))
                    return one.Schema is null ? other : one;
            }
        }

        return null;
    }
}
