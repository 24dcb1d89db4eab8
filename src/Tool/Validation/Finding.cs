namespace CompileTimeRouting.Tool.Validation;

/// <summary>Something to know or to do about a configuration or a node.</summary>
/// <param name="Level">How grave it is.</param>
/// <param name="Node">The node's name; null for all of it.</param>
/// <param name="Message">What it is, and what to do.</param>
internal sealed record Finding(FindingLevel Level, string? Node, string Message);

internal enum FindingLevel
{
    /// <summary>It doesn't work.</summary>
    Error,

    /// <summary>It will fail some day, or under load.</summary>
    Warning,

    /// <summary>It works; whether it is meant so, the reader knows.</summary>
    Note,
}
