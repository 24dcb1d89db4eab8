using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace CompileTimeRouting;

/// <summary>
/// Signs tokens for transports that aren't trusted: a client can neither make one up nor keep one longer than it is good for.
/// </summary>
internal sealed class TokenSigner
{
    /// <summary>The least bytes of a key.</summary>
    internal const int LeastKeySize = 32;

    private const int PayloadSize = ConsistencyToken.Size + sizeof(long);
    private const int MacSize = 16;
    private const string SignedVersion = ConsistencyToken.Version + "s";

    private readonly byte[][] _keys;

    /// <param name="keys">The first one signs; a signature of any counts. So keys are changed one process after the other.</param>
    public TokenSigner(IEnumerable<byte[]> keys) => _keys = [.. keys];

    public bool CanSign => _keys.Length > 0;

    public static bool IsSigned(string text) => text.StartsWith(SignedVersion + ".", StringComparison.Ordinal);

    public string Sign(ConsistencyToken token, DateTimeOffset expiry)
    {
        Span<byte> bytes = stackalloc byte[PayloadSize + MacSize];
        token.Write(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[ConsistencyToken.Size..], expiry.ToUnixTimeSeconds());
        WriteMac(_keys[0], bytes[..PayloadSize], bytes[PayloadSize..]);
        return $"{SignedVersion}.{Base64Url.EncodeToString(bytes)}";
    }

    public TokenOutcome Read(string text, DateTimeOffset now, out ConsistencyToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[PayloadSize + MacSize];
        if (!ConsistencyToken.TryDecode(text.AsSpan(SignedVersion.Length + 1), bytes))
            return TokenOutcome.Malformed;
        if (!IsGenuine(bytes))
            return TokenOutcome.Forged;
        if (BinaryPrimitives.ReadInt64BigEndian(bytes[ConsistencyToken.Size..]) < now.ToUnixTimeSeconds())
            return TokenOutcome.Expired;
        return ConsistencyToken.TryRead(bytes, out token) ? TokenOutcome.Accepted : TokenOutcome.Malformed;
    }

    private bool IsGenuine(ReadOnlySpan<byte> bytes)
    {
        Span<byte> mac = stackalloc byte[MacSize];
        var isGenuine = false;

        // Every key is tried, so that the time says nothing about which one fitted.
        foreach (var key in _keys)
        {
            WriteMac(key, bytes[..PayloadSize], mac);
            isGenuine |= CryptographicOperations.FixedTimeEquals(mac, bytes[PayloadSize..]);
        }

        return isGenuine;
    }

    private static void WriteMac(byte[] key, ReadOnlySpan<byte> payload, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, payload, whole);
        whole[..MacSize].CopyTo(mac);
    }
}
