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

    private const int MacSize = 16;
    private const string SignedVersion = ConsistencyToken.Version + "s";

    private readonly byte[][] _keys;

    /// <param name="keys">The first one signs; a signature of any counts. So keys are changed one process after the other.</param>
    public TokenSigner(IEnumerable<byte[]> keys) => _keys = [.. keys];

    public bool CanSign => _keys.Length > 0;

    public static bool IsSigned(string text) => text.StartsWith(SignedVersion + ".", StringComparison.Ordinal);

    public string Sign(ConsistencyToken token, DateTimeOffset expiry)
    {
        Span<byte> bytes = stackalloc byte[ConsistencyToken.MaxSize + sizeof(long) + MacSize];
        var size = token.Write(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[size..], expiry.ToUnixTimeSeconds());
        size += sizeof(long);
        WriteMac(_keys[0], bytes[..size], bytes[size..]);
        return $"{SignedVersion}.{Base64Url.EncodeToString(bytes[..(size + MacSize)])}";
    }

    public TokenOutcome Read(string text, DateTimeOffset now, out ConsistencyToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[ConsistencyToken.MaxSize + sizeof(long) + MacSize];
        if (!ConsistencyToken.TryDecode(text.AsSpan(SignedVersion.Length + 1), bytes, out var length)
            || length - sizeof(long) - MacSize is not (> 0 and var size) || !ConsistencyToken.TryRead(bytes[..size], out var read))
        {
            return TokenOutcome.Malformed;
        }

        if (!IsGenuine(bytes[..(length - MacSize)], bytes[(length - MacSize)..length]))
            return TokenOutcome.Forged;
        if (BinaryPrimitives.ReadInt64BigEndian(bytes[size..]) < now.ToUnixTimeSeconds())
            return TokenOutcome.Expired;
        token = read;
        return TokenOutcome.Accepted;
    }

    private bool IsGenuine(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature)
    {
        Span<byte> mac = stackalloc byte[MacSize];
        var isGenuine = false;

        // Every key is tried, so that the time says nothing about which one fitted.
        foreach (var key in _keys)
        {
            WriteMac(key, payload, mac);
            isGenuine |= CryptographicOperations.FixedTimeEquals(mac, signature);
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
