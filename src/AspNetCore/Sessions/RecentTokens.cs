namespace CompileTimeRouting.AspNetCore.Sessions;

/// <summary>
/// Tokens that were unprotected a moment ago. A client sends the same text with each request until it writes again; finding it
/// here allocates nothing. Safe for use by many threads.
/// </summary>
/// <remarks>
/// Only texts that Data Protection has accepted are added, so nobody without a genuine token takes up room. What is kept is what
/// the client has as well, and names a position in the write-ahead log: whoever reads it learns and may do nothing by it.
/// </remarks>
/// <param name="time">Tells when a token expires, and how long it has been here.</param>
internal sealed class RecentTokens(TimeProvider time)
{
    // Each text has one place, and takes it from the one before: nothing is searched to make room. About 500 bytes each.
    private const int Places = 4096;

    // A key that is revoked here, or a ring that is read anew, counts after that time at the latest.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly Entry?[] _entries = new Entry?[Places];

    /// <returns>The token; null where it isn't here, is here for too long, or has expired.</returns>
    /// <param name="text">What the client sent.</param>
    public string? Find(ReadOnlySpan<char> text)
    {
        var hash = string.GetHashCode(text);
        return Volatile.Read(ref PlaceOf(hash)) is { } entry && entry.Hash == hash && text.SequenceEqual(entry.Text)
            && !IsOver(entry.Expiry) && time.GetElapsedTime(entry.AddedAt) < MaxAge
            ? entry.Token : null;
    }

    /// <param name="text">What the client sent, and Data Protection has accepted.</param>
    /// <param name="token">The token in it.</param>
    /// <param name="expiry">When it expires, in seconds of Unix time.</param>
    public void Add(string text, string token, long expiry)
    {
        var hash = string.GetHashCode(text.AsSpan());
        Volatile.Write(ref PlaceOf(hash), new Entry(hash, text, token, expiry, time.GetTimestamp()));
    }

    /// <summary>Whether a token is too old.</summary>
    /// <param name="expiry">When it expires, in seconds of Unix time.</param>
    public bool IsOver(long expiry) => expiry < time.GetUtcNow().ToUnixTimeSeconds();

    private ref Entry? PlaceOf(int hash) => ref _entries[hash & (Places - 1)];

    private sealed record Entry(int Hash, string Text, string Token, long Expiry, long AddedAt);
}
