namespace CompileTimeRouting.Tool.Standby;

/// <summary>How the standby's word and the classification differ.</summary>
internal enum Disagreement : byte
{
    /// <summary>Said to be a replica's, and refused: the statement would fail there.</summary>
    Unsafe,

    /// <summary>Said to be refused, and served: the primary would do a replica's work.</summary>
    Wasteful,
}
