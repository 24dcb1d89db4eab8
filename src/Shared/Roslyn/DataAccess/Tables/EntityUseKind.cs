namespace CompileTimeRouting.Roslyn.DataAccess.Tables;

/// <summary>How a body uses an entity of EF Core.</summary>
internal enum EntityUseKind : byte
{
    /// <summary>It is asked for, and its changes aren't noted.</summary>
    Read,

    /// <summary>It is asked for, and a save writes what is changed in it.</summary>
    ReadTracked,

    /// <summary>It is given to the context as it is in the table (<c>Attach</c>), and a save writes what is changed in it.</summary>
    Attached,

    /// <summary>A save writes it: <c>Add</c>, <c>Update</c>, <c>Remove</c>.</summary>
    Tracked,

    /// <summary>A save writes it, where the context has it: a property is set, or one is put into a navigation or made with what is added.</summary>
    Changed,

    /// <summary>It is written at once: <c>ExecuteUpdate</c>, <c>ExecuteDelete</c>.</summary>
    Written,

    /// <summary><c>SaveChanges</c>.</summary>
    Saved,
}
