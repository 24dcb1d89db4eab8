namespace CompileTimeRouting.Roslyn.Models;

/// <summary>What holds the rows of a <see cref="ResultCardinality.Many"/>.</summary>
internal enum ResultCollection
{
    None,

    /// <summary><c>List&lt;T&gt;</c>, or an interface that it implements.</summary>
    List,

    /// <summary><c>T[]</c>.</summary>
    Array,
}
