using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Tool.Commands;

/// <summary>What <c>ctr sql classify</c> was asked for.</summary>
internal sealed record ClassifyOptions
{
    /// <summary>Files, folders and patterns; none, or <c>-</c>, is standard input.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public required bool Json { get; init; }

    public required bool Ndjson { get; init; }

    /// <summary>A file's name, <c>-</c> for standard output, null for no SARIF.</summary>
    public required string? Sarif { get; init; }

    /// <summary>The standby's connection string or URL.</summary>
    public required string? Standby { get; init; }

    public required IReadOnlyList<SqlRoute> FailOn { get; init; }

    /// <summary>Files of catalog snapshots.</summary>
    public required IReadOnlyList<string> Catalogs { get; init; }

    public required SqlRoute UnknownFunctions { get; init; }
}
