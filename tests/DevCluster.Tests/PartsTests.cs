using CompileTimeRouting.DevCluster.Leftovers;
using CompileTimeRouting.DevCluster.Servers;

namespace CompileTimeRouting.DevCluster.Tests;

/// <summary>Parts that need no server.</summary>
public sealed class PartsTests
{
    private const ulong Segment = 16 * 1024 * 1024;

    [Theory]
    [InlineData(5 * Segment, 5 * Segment)]
    [InlineData((5 * Segment) + 40, 5 * Segment)]
    [InlineData((5 * Segment) + 48, (5 * Segment) + 48)]
    [InlineData((5 * Segment) + 8192, (5 * Segment) + 8192)]
    [InlineData((5 * Segment) + 8192 + 24, (5 * Segment) + 8192)]
    [InlineData((5 * Segment) + 8192 + 32, (5 * Segment) + 8192 + 32)]
    [InlineData((5 * Segment) + 8191, (5 * Segment) + 8191)]
    public void A_position_behind_a_page_header_is_taken_back_to_the_pages_start(ulong position, ulong expected) =>
        Assert.Equal(expected, WalPosition.RoundDown(position, Segment));

    [Fact]
    public void Settings_win_over_defaults_and_are_quoted()
    {
        var text = ServerConfiguration.Render(5433, "127.0.0.1", new Dictionary<string, string> { ["Max_Connections"] = "7", ["a"] = @"it's C:\x" }, null);
        Assert.Contains("max_connections = '7'\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("'200'", text, StringComparison.Ordinal);
        Assert.Contains(@"a = 'it''s C:\\x'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("primary_conninfo", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Replication_settings_do_not_travel_with_a_clone() => Assert.Equal(
        "work_mem = '1MB'\n",
        ServerConfiguration.WithoutReplicationSettings("work_mem = '1MB'\nprimary_conninfo = 'x'\nrecovery_min_apply_delay = '1'\n"));

    [Fact]
    public void This_process_is_alive_and_an_earlier_one_with_its_id_is_dead()
    {
        var me = Owner.Current;
        Assert.Equal(me, Owner.Parse(me.ToString()));
        Assert.False(me.IsDead());
        Assert.True((me with { Started = "1" }).IsDead());
        Assert.True((me with { Pid = int.MaxValue }).IsDead());
        Assert.True((me with { Boot = "another" }).IsDead());
    }

    [Fact]
    public void Of_a_process_that_can_not_be_seen_from_here_nothing_is_claimed()
    {
        var elsewhere = Owner.Current with { Pid = int.MaxValue, Machine = "another" };
        Assert.False(elsewhere.IsDead());
        Assert.False((Owner.Current with { Pid = int.MaxValue, PidNamespace = "pid:[1]" }).IsDead());
        Assert.Null(Owner.Parse("x|y"));
    }

    [Fact]
    public async Task Impossible_options_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Start(new() { Replicas = 17 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Start(new() { Replicas = -1 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Start(new() { MajorVersion = 14 }));
        await Assert.ThrowsAsync<ArgumentException>(() => Start(new() { Replicas = 1, Ports = [5433] }));
        await Assert.ThrowsAsync<ArgumentException>(() => Start(new() { Replicas = 1, Ports = [5433, 5433] }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Start(new() { Replicas = 0, Ports = [0] }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Start(new() { Replicas = 0, Ports = [65536] }));
        await Assert.ThrowsAsync<ArgumentException>(() => Start(new() { DatabaseName = " " }));
        await Assert.ThrowsAsync<ArgumentException>(() => Start(new() { Password = "" }));
        await Assert.ThrowsAsync<ArgumentException>(() => Start(new() { Password = "a\nb" }));

        static Task Start(PostgresClusterOptions options) => PostgresCluster.StartAsync(options, TestContext.Current.CancellationToken);
    }
}
