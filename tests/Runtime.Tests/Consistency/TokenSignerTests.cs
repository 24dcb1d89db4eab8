namespace CompileTimeRouting.Runtime.Tests.Consistency;

public class TokenSignerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private static readonly ConsistencyToken Token = new(42, 2, 0xABCDEF);

    private static byte[] Key(byte value) => [.. Enumerable.Repeat(value, TokenSigner.LeastKeySize)];

    private static TokenOutcome Read(TokenSigner signer, string text, DateTimeOffset? now = null) => signer.Read(text, now ?? Now, out _);

    [Fact]
    public void A_signed_token_is_read_until_it_expires()
    {
        var signer = new TokenSigner([Key(1)]);
        var text = signer.Sign(Token, Now.AddMinutes(1));
        Assert.True(TokenSigner.IsSigned(text));
        Assert.False(ConsistencyToken.TryParse(text, out _));
        Assert.Equal(TokenOutcome.Accepted, signer.Read(text, Now.AddMinutes(1), out var token));
        Assert.Equal(Token, token);
        Assert.Equal(TokenOutcome.Expired, Read(signer, text, Now.AddMinutes(1).AddSeconds(1)));
        Assert.InRange(text.Length, 1, 64);
    }

    [Fact]
    public void An_uncertain_one_is_read_as_well()
    {
        var signer = new TokenSigner([Key(1)]);
        var uncertain = new ConsistencyToken(42, 2, 0xABCDEF, isUncertain: true, backend: 4711);
        var text = signer.Sign(uncertain, DateTimeOffset.MaxValue);
        Assert.Equal(TokenOutcome.Accepted, signer.Read(text, Now, out var token));
        Assert.Equal(uncertain, token);
        Assert.InRange(text.Length, 1, 72);
    }

    [Fact]
    public void No_changed_character_stays_unnoticed()
    {
        var signer = new TokenSigner([Key(1)]);
        var text = signer.Sign(Token, Now.AddMinutes(1));
        for (var i = 3; i < text.Length; i++)
        {
            var changed = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
            Assert.NotEqual(TokenOutcome.Accepted, Read(signer, changed));
        }

        for (var i = 3; i < text.Length; i++)
            Assert.Equal(TokenOutcome.Malformed, Read(signer, text[..i]));
    }

    [Fact]
    public void A_key_is_changed_without_a_token_lost()
    {
        var (before, both, swapped, after) =
            (new TokenSigner([Key(1)]), new TokenSigner([Key(1), Key(2)]), new TokenSigner([Key(2), Key(1)]), new TokenSigner([Key(2)]));
        var (old, young) = (before.Sign(Token, Now.AddHours(1)), swapped.Sign(Token, Now.AddHours(1)));
        Assert.Equal(old, both.Sign(Token, Now.AddHours(1)));
        Assert.All([before, both, swapped], s => Assert.Equal(TokenOutcome.Accepted, Read(s, old)));
        Assert.All([both, swapped, after], s => Assert.Equal(TokenOutcome.Accepted, Read(s, young)));
        Assert.Equal(TokenOutcome.Forged, Read(after, old));
        Assert.Equal(TokenOutcome.Forged, Read(before, young));
    }

    [Fact]
    public void Without_a_key_no_signature_counts() =>
        Assert.Equal(TokenOutcome.Forged, Read(new TokenSigner([]), new TokenSigner([Key(1)]).Sign(Token, Now.AddHours(1))));
}
