namespace CompileTimeRouting.Roslyn.Models;

/// <summary>What the attribute says. Enum values are numbers here: the runtime's types aren't referenced.</summary>
internal sealed record RouteModel(
    bool IsRead,
    int Consistency,
    double MaxLagSeconds,
    string? Group,
    bool Retry,
    int Overload,
    bool Transaction,
    int IsolationLevel,
    int SerializationRetries)
{
    /// <summary>Whether the attribute or its assembly says what a read must see: otherwise the data source does.</summary>
    public bool HasConsistency { get; init; }

    /// <summary>Whether a write that fails leaves nothing behind.</summary>
    public bool IsOneTransaction { get; init; }

    /// <summary>The value of <c>System.Data.IsolationLevel.Unspecified</c>.</summary>
    public const int UnspecifiedIsolation = -1;
}
