namespace CompileTimeRouting.Roslyn.DataAccess.Tables;

/// <summary>How a body uses an entity of EF Core.</summary>
internal enum EntityUseKind : byte
{
    /// <summary>It is asked for, and its changes aren't noted.</summary>
    Read,

    /// <summary>It is asked for, and a save writes what is changed in it.</summary>
    ReadTracked,

    /// <summary>A save writes it: <c>Add</c>, <c>Update</c>, <c>Remove</c>.</summary>
    Tracked,

    /// <summary>It is written at once: <c>ExecuteUpdate</c>, <c>ExecuteDelete</c>.</summary>
    Written,

    /// <summary><c>SaveChanges</c>.</summary>
    Saved,
}
