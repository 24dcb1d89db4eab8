namespace CompileTimeRouting.Roslyn.Models;

/// <summary>How many rows a statement's result has room for.</summary>
internal enum ResultCardinality
{
    /// <summary>void, Task, ValueTask.</summary>
    None,

    /// <summary>A result that can't be null.</summary>
    One,

    /// <summary>A result that can be null.</summary>
    ZeroOrOne,

    /// <summary>A collection.</summary>
    Many,

    /// <summary>An <c>IAsyncEnumerable</c>, read while it is enumerated.</summary>
    Stream,
}
