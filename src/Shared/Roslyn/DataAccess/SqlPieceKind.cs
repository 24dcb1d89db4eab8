namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>What a piece of SQL in the source is.</summary>
internal enum SqlPieceKind : byte
{
    Text,

    /// <summary>A value that is sent apart from the SQL: it can't change what the statement does.</summary>
    Value,

    /// <summary>What is put in isn't known.</summary>
    Hole,

    /// <summary>A parameter of the method puts it in: its callers may tell.</summary>
    Parameter,

    /// <summary>A virtual member of <c>this</c> puts it in: the type of the object tells.</summary>
    Virtual,
}
