namespace CompileTimeRouting.Sql;

/// <summary>Where a statement may run, the stricter the higher.</summary>
internal enum SqlRoute : byte
{
    /// <summary>A hot standby serves it and nothing of it stays behind.</summary>
    Replica,

    /// <summary>The text doesn't tell: to be treated as <see cref="Primary"/>.</summary>
    Unknown,

    /// <summary>A hot standby refuses it, or its effect belongs on the primary.</summary>
    Primary,
}
