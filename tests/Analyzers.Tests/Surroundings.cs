namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>What stands beside the file under test.</summary>
internal sealed record Surroundings
{
    public static readonly Surroundings None = new();

    /// <summary>Other files of the same project.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The source of an assembly that the project references.</summary>
    public string? Library { get; init; }

    /// <summary>Whether the project references ASP.NET Core.</summary>
    public bool WithAspNetCore { get; init; }

    /// <summary>The files that the project hands to the analyzers.</summary>
    public IReadOnlyList<(string Path, string Text)> AdditionalFiles { get; init; } = [];

    /// <summary>A catalog snapshot.</summary>
    public static Surroundings Catalog(string json) => new() { AdditionalFiles = [("app.routing-catalog.json", json)] };
}
