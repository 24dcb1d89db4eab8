namespace CompileTimeRouting.Sql;

/// <summary>What a call of a function or a read of a view comes to, with everything behind it.</summary>
/// <param name="Route">Where it may run.</param>
/// <param name="IsRefused">A standby raises an error when it gets there, rather than do what belongs on the primary.</param>
/// <param name="Reason">What sends it there, or why it isn't known, and in which function; null for what only reads.</param>
internal sealed record SqlCatalogVerdict(SqlRoute Route, bool IsRefused, string? Reason)
{
    public static SqlCatalogVerdict Reads { get; } = new(SqlRoute.Replica, false, null);

    internal bool IsStricterThan(SqlCatalogVerdict other) => Rank > other.Rank;

    private int Rank => ((int)Route * 2) + (IsRefused ? 1 : 0);
}
