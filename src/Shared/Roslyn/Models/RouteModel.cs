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
    /// <summary>The value of <c>System.Data.IsolationLevel.Unspecified</c>.</summary>
    public const int UnspecifiedIsolation = -1;
}
