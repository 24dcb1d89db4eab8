using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace CompileTimeRouting.AspNetCore.Sessions;

/// <summary>
/// Protects tokens on their way through a client: it can neither make one up, nor read one, nor keep one longer than it is
/// good for.
/// </summary>
internal sealed class TokenProtector(IDataProtectionProvider provider, string source, TimeSpan lifetime, TimeProvider time)
{
    // One that Data Protection makes of a token is about 200 characters long.
    private const int MaxLength = 1024;

    private readonly IDataProtector _protector = provider.CreateProtector("CompileTimeRouting.AspNetCore.Session", "v1", source);
    private readonly RecentTokens _recent = new(time);

    public string Protect(string token)
    {
        var plain = new byte[sizeof(long) + Encoding.UTF8.GetByteCount(token)];
        BinaryPrimitives.WriteInt64BigEndian(plain, (time.GetUtcNow() + lifetime).ToUnixTimeSeconds());
        Encoding.UTF8.GetBytes(token, plain.AsSpan(sizeof(long)));
        return Base64Url.EncodeToString(_protector.Protect(plain));
    }

    /// <returns>The token, where it was unprotected a moment ago; otherwise null, which says nothing of it.</returns>
    /// <param name="text">What the client sent.</param>
    public string? Recent(ReadOnlySpan<char> text) => text.IsEmpty || text.Length > MaxLength ? null : _recent.Find(text);

    /// <returns>The token; null where it isn't taken.</returns>
    /// <param name="text">What the client sent.</param>
    /// <param name="refused">Why not.</param>
    public string? Unprotect(string text, out RefusedToken refused)
    {
        refused = RefusedToken.Malformed;
        if (Recent(text) is { } recent)
            return recent;
        if (text.Length > MaxLength || !Base64Url.IsValid(text))
            return null;
        byte[] plain;
        try
        {
            plain = _protector.Unprotect(Base64Url.DecodeFromChars(text));
        }
        catch (CryptographicException)
        {
            refused = RefusedToken.Forged;
            return null;
        }

        refused = RefusedToken.Expired;
        var expiry = BinaryPrimitives.ReadInt64BigEndian(plain);
        if (_recent.IsOver(expiry))
            return null;
        var token = Encoding.UTF8.GetString(plain.AsSpan(sizeof(long)));
        _recent.Add(text, token, expiry);
        return token;
    }
}
