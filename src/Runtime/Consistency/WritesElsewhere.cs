namespace CompileTimeRouting;

/// <summary>
/// Writes that went to another server at the primary's address than the one whose positions are collected: what replicas are
/// known to have says nothing of them, until another server is followed.
/// </summary>
/// <param name="Followed">The run of the server whose positions are collected.</param>
/// <param name="Run">The run of the server that has the writes; null where it isn't known, or there are several.</param>
internal sealed record WritesElsewhere(string Followed, string? Run)
{
    public static WritesElsewhere? Union(WritesElsewhere? earlier, WritesElsewhere? later) =>
        earlier is null ? later
        : later is null || earlier == later ? earlier
        : earlier.Followed != later.Followed ? later
        : later with { Run = null };
}
