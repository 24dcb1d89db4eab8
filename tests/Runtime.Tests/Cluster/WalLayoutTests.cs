using CompileTimeRouting.Cluster;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public class WalLayoutTests
{
    [Theory]
    [InlineData(0x2000, 0x2000)]
    [InlineData(0x2000 + 24, 0x2000)]
    [InlineData(0x2000 + 32, 0x2000 + 32)]
    [InlineData(0x2000 + 40, 0x2000 + 40)]
    [InlineData(0x4000 - 8, 0x4000 - 8)]
    [InlineData(0x1000000, 0x1000000)]
    [InlineData(0x1000000 + 24, 0x1000000)]
    [InlineData(0x1000000 + 40, 0x1000000)]
    [InlineData(0x1000000 + 48, 0x1000000 + 48)]
    [InlineData(0x100000 + 40, 0x100000 + 40)]
    public void A_position_behind_a_pages_header_is_reached_at_the_pages_start(ulong insert, ulong reachable) =>
        Assert.Equal(reachable, WalLayout.Usual.Reachable(insert));

    [Fact]
    public void Servers_that_were_made_otherwise_have_other_pages()
    {
        var layout = new WalLayout(16 * 1024, 1024 * 1024);
        Assert.Equal(0x100000UL, layout.Reachable(0x100000 + 40));
        Assert.Equal(0x2000UL + 24, layout.Reachable(0x2000 + 24));
        Assert.Equal(0x4000UL, layout.Reachable(0x4000 + 24));
    }
}
