using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;

namespace CompileTimeRouting;

/// <summary>
/// A position in the history of one cluster: whoever has replayed it has everything that its session wrote and saw. It
/// means something only on its own history, which the system identifier and the timeline name. Immutable.
/// </summary>
/// <remarks>
/// The text is made for trusted transports; for others use <see cref="ConsistencySession.ExportSignedAsync"/>. Its length
/// is at most 36 characters, of which none needs an escape in a URL, a cookie or a header.
/// </remarks>
public readonly record struct ConsistencyToken
{
    internal const string Version = "1";
    internal const int MaxSize = CertainSize + sizeof(int);

    private const int CertainSize = sizeof(byte) + sizeof(long) + sizeof(uint) + sizeof(ulong);
    private const byte UncertainFlag = 1;

    internal ConsistencyToken(long systemId, uint timeline, ulong position, bool isUncertain = false, int backend = UncertainWrites.UnknownBackend)
    {
        SystemId = systemId;
        Timeline = timeline;
        Position = position;
        IsUncertain = isUncertain;
        Backend = backend;
    }

    /// <summary>The token of a session that has neither written nor read: every server has what it asks for.</summary>
    public static ConsistencyToken None => default;

    /// <summary>The cluster's system identifier.</summary>
    public long SystemId { get; }

    /// <summary>The timeline of the cluster.</summary>
    public uint Timeline { get; }

    /// <summary>The position in the write-ahead log, in bytes from its beginning.</summary>
    public ulong Position { get; }

    /// <summary>
    /// Whether the outcome of one of the session's commits wasn't known when the token was made: the primary alone answers a
    /// session that goes on from here, until it says that the commit is over. Where nobody can tell that (several such commits,
    /// one behind a pooler, a <c>TransactionScope</c> that is in doubt, a write that went to another server than the positions
    /// come from), it does for as long as that session lasts.
    /// </summary>
    public bool IsUncertain { get; }

    /// <summary>The server's process that runs the uncertain commit; <see cref="UncertainWrites.UnknownBackend"/> where it isn't one that is known.</summary>
    internal int Backend { get; }

    /// <summary>Whether two tokens are of one history: otherwise neither says anything about the other.</summary>
    /// <param name="other">The other token.</param>
    /// <returns>True for tokens of one cluster and timeline, and where one of them is <see cref="None"/>.</returns>
    public bool IsComparableTo(ConsistencyToken other) =>
        IsNone || other.IsNone || (SystemId == other.SystemId && Timeline == other.Timeline);

    /// <summary>The token that asks for what both ask for.</summary>
    /// <param name="other">A token of the same history.</param>
    /// <returns>The one that is further; uncertain where one of them is.</returns>
    /// <exception cref="InvalidOperationException">The tokens aren't of one history.</exception>
    public ConsistencyToken Merge(ConsistencyToken other)
    {
        if (!IsComparableTo(other))
            throw new InvalidOperationException("The tokens belong to different clusters or timelines: their positions can't be compared. Keep the newer token.");
        var further = Position >= other.Position ? this : other;
        var backend = !IsUncertain ? other.Backend : !other.IsUncertain || Backend == other.Backend ? Backend : UncertainWrites.UnknownBackend;
        return new ConsistencyToken(further.SystemId, further.Timeline, further.Position, IsUncertain || other.IsUncertain, backend);
    }

    /// <summary>Reads the text of a token that isn't signed.</summary>
    /// <param name="text">The text; null for none.</param>
    /// <param name="token">The token.</param>
    /// <returns>Whether it is one, of a version that is known here.</returns>
    public static bool TryParse(string? text, out ConsistencyToken token)
    {
        Span<byte> bytes = stackalloc byte[MaxSize];
        token = default;
        return text is not null && text.StartsWith(Version + ".", StringComparison.Ordinal)
            && TryDecode(text.AsSpan(Version.Length + 1), bytes, out var length) && TryRead(bytes[..length], out token);
    }

    /// <summary>The text that <see cref="TryParse"/> reads.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[MaxSize];
        return string.Create(CultureInfo.InvariantCulture, $"{Version}.{Base64Url.EncodeToString(bytes[..Write(bytes)])}");
    }

    internal bool IsNone => this == default;

    /// <returns>The bytes written.</returns>
    internal int Write(Span<byte> bytes)
    {
        bytes[0] = IsUncertain ? UncertainFlag : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], SystemId);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[9..], Timeline);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[13..], Position);
        if (!IsUncertain)
            return CertainSize;
        BinaryPrimitives.WriteInt32BigEndian(bytes[CertainSize..], Backend);
        return MaxSize;
    }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, out ConsistencyToken token)
    {
        token = default;
        if (bytes.IsEmpty || (bytes[0] & ~UncertainFlag) != 0)
            return false;
        var isUncertain = (bytes[0] & UncertainFlag) != 0;
        if (bytes.Length != (isUncertain ? MaxSize : CertainSize))
            return false;
        token = new ConsistencyToken(
            BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[9..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[13..]), isUncertain,
            isUncertain ? BinaryPrimitives.ReadInt32BigEndian(bytes[CertainSize..]) : UncertainWrites.UnknownBackend);
        return true;
    }

    // In the one form that is written: two texts are never the same token.
    internal static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int length)
    {
        if (!Base64Url.IsValid(text, out length) || length > bytes.Length || text.Length != Base64Url.GetEncodedLength(length)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != length)
        {
            return false;
        }

        Span<char> again = stackalloc char[text.Length];
        return Base64Url.TryEncodeToChars(bytes[..length], again, out _) && text.SequenceEqual(again);
    }
}
