namespace CompileTimeRouting;

/// <summary>A position that a write brought back with it.</summary>
/// <param name="AskedAt">The <see cref="System.Diagnostics.Stopwatch"/> time before it was asked for: all that had ended by then it is behind.</param>
/// <param name="Token">The position, which the write's commit is before.</param>
internal sealed record TakenPosition(long AskedAt, ConsistencyToken Token)
{
    /// <summary>One that is behind all that either is behind; null where the two aren't of one history.</summary>
    public TakenPosition? With(TakenPosition other) =>
        Token.IsComparableTo(other.Token) ? new(Math.Max(AskedAt, other.AskedAt), Token.Merge(other.Token)) : null;
}
