namespace CompileTimeRouting.Runtime.Tests.Consistency;

public class ConsistencyTokenTests
{
    private static readonly ConsistencyToken Token = new(7_123_456_789_012_345_678, 3, 0x1_0000_0028, isUncertain: false);

    [Theory]
    [InlineData(0L, 0u, 0ul, false, 0)]
    [InlineData(long.MaxValue, uint.MaxValue, ulong.MaxValue, true, int.MaxValue)]
    [InlineData(1L, 1u, 24ul, true, 0)]
    [InlineData(-1L, 1u, 24ul, false, 0)]
    public void The_text_holds_all_of_it(long system, uint timeline, ulong position, bool uncertain, int backend)
    {
        var token = new ConsistencyToken(system, timeline, position, uncertain, backend);
        var text = token.ToString();
        Assert.True(ConsistencyToken.TryParse(text, out var read));
        Assert.Equal(token, read);
        Assert.InRange(text.Length, 1, 36);
        Assert.Matches("^1\\.[A-Za-z0-9_-]+$", text);
    }

    [Fact]
    public void Every_text_that_was_cut_off_or_lengthened_is_none()
    {
        var text = Token.ToString();
        for (var i = 0; i < text.Length; i++)
            Assert.False(ConsistencyToken.TryParse(text[..i], out _), text[..i]);
        Assert.False(ConsistencyToken.TryParse(text + "A", out _));
        Assert.False(ConsistencyToken.TryParse(text + "=", out _));
        Assert.False(ConsistencyToken.TryParse(" " + text, out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1.")]
    [InlineData("no token")]
    [InlineData("1.!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("0/16B3748")]
    public void What_is_no_token_is_no_exception(string? text) => Assert.False(ConsistencyToken.TryParse(text, out _));

    [Fact]
    public void A_version_or_flag_of_the_future_is_no_token_here()
    {
        Assert.False(ConsistencyToken.TryParse("2" + Token.ToString()[1..], out _));
        Span<byte> bytes = stackalloc byte[ConsistencyToken.MaxSize];
        var length = Token.Write(bytes);
        Assert.True(ConsistencyToken.TryRead(bytes[..length], out _));
        bytes[0] = 0x80;
        Assert.False(ConsistencyToken.TryRead(bytes[..length], out _));
        bytes[0] = 1;
        Assert.False(ConsistencyToken.TryRead(bytes[..length], out _));
    }

    [Fact]
    public void Positions_of_one_history_merge_to_the_further_one_and_stay_uncertain()
    {
        var uncertain = new ConsistencyToken(Token.SystemId, Token.Timeline, Token.Position - 1, isUncertain: true, backend: 7);
        var merged = Token.Merge(uncertain);
        Assert.Equal((Token.Position, true, 7), (merged.Position, merged.IsUncertain, merged.Backend));
        Assert.Equal(merged, uncertain.Merge(Token));
        Assert.Equal(7, merged.Merge(uncertain).Backend);
        var another = new ConsistencyToken(Token.SystemId, Token.Timeline, Token.Position, isUncertain: true, backend: 8);
        Assert.Equal(UncertainWrites.UnknownBackend, merged.Merge(another).Backend);
        Assert.Equal(Token, Token.Merge(ConsistencyToken.None));
    }

    [Fact]
    public void Positions_of_two_histories_say_nothing_of_each_other()
    {
        ConsistencyToken[] others = [new(Token.SystemId + 1, Token.Timeline, Token.Position), new(Token.SystemId, Token.Timeline + 1, Token.Position)];
        Assert.All(others, other =>
        {
            Assert.False(Token.IsComparableTo(other));
            Assert.Throws<InvalidOperationException>(() => Token.Merge(other));
        });
    }
}
