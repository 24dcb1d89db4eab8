namespace CompileTimeRouting.EntityFrameworkCore.Guards;

/// <summary>What SQL does, as far as its text tells.</summary>
internal enum SentSqlVerdict : byte
{
    /// <summary>A replica serves it, and nothing of it stays behind.</summary>
    Reads,

    /// <summary>The text doesn't tell.</summary>
    Unknown,

    /// <summary>A replica refuses it, or its effect belongs on the primary.</summary>
    Writes,
}
