namespace CompileTimeRouting.Faults.Load;

internal enum OperationKind
{
    Read,
    Stream,
    Report,
    Audit,
    Write,
}

/// <summary>One call of the application as it saw it; times are those of the run.</summary>
/// <param name="Kind">What was asked.</param>
/// <param name="Start">When it was asked.</param>
/// <param name="Duration">How long the application waited.</param>
/// <param name="Port">The server that answered; 0 where none did.</param>
/// <param name="Age">How old the answer's data was; zero where that isn't known.</param>
/// <param name="WriteId">The id of the row written.</param>
/// <param name="Error">What went wrong: an SQLSTATE or a kind of failure; null where nothing did.</param>
/// <param name="IsCut">Whether it is a stream that went wrong after its first row.</param>
internal readonly record struct Operation(
    OperationKind Kind, TimeSpan Start, TimeSpan Duration, int Port, TimeSpan Age, long WriteId, string? Error, bool IsCut = false)
{
    public bool IsRead => Kind != OperationKind.Write;

    /// <summary>Whether it takes some time of itself, so that its duration says nothing.</summary>
    public bool IsLong => Kind is OperationKind.Report or OperationKind.Audit;

    public bool Failed => Error is not null;

    public TimeSpan End => Start + Duration;
}
