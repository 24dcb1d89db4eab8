namespace CompileTimeRouting.Roslyn.Models;

/// <summary>What one row becomes.</summary>
internal enum RowKind
{
    /// <summary>The value of its only column.</summary>
    Scalar,

    /// <summary>A tuple: columns by position.</summary>
    Tuple,

    /// <summary>An object: columns by name, into constructor parameters and settable members.</summary>
    Object,
}
