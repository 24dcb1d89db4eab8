namespace CompileTimeRouting.Tool.Standby;

/// <summary>What the standby said to a statement.</summary>
internal enum StandbyVerdict : byte
{
    Served,

    /// <summary>With an error that a primary wouldn't raise.</summary>
    Refused,

    /// <summary>It failed for a reason that has nothing to do with a standby, or the answer proves nothing.</summary>
    NoVerdict,

    /// <summary>Running it could do something, in the server or in the session.</summary>
    NotAsked,
}
