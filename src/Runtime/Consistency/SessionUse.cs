namespace CompileTimeRouting;

/// <summary>What a lease means to the session it was opened in.</summary>
internal enum SessionUse
{
    /// <summary>A read on the primary.</summary>
    PrimaryRead = 0,

    /// <summary>A read on a replica.</summary>
    ReplicaRead,

    /// <summary>A write.</summary>
    Write,
}
