namespace CompileTimeRouting.Roslyn.Models;

/// <summary>How a value that is sent or read holds other values.</summary>
internal enum ValueCollection
{
    /// <summary>It is a single value.</summary>
    None,

    /// <summary><c>T[]</c>.</summary>
    Array,

    /// <summary><c>List&lt;T&gt;</c>.</summary>
    List,

    /// <summary>An interface that <c>List&lt;T&gt;</c> implements.</summary>
    Sequence,
}
