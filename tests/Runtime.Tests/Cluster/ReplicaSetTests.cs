using CompileTimeRouting.Cluster;
using CompileTimeRouting.Cluster.Balancing;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public class ReplicaSetTests
{
    private static ReplicaSet Set(int start, params double[] weights) =>
        new([.. weights.Select((w, i) => (Pools.Named($"{(char)('a' + i)}"), w))], start);

    private static string Picks(ReplicaSet set, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => set.Next().NodeName));

    [Theory]
    [InlineData(new[] { 1.0 }, "aaaa")]
    [InlineData(new[] { 1.0, 1 }, "abab")]
    [InlineData(new[] { 1.0, 1, 1 }, "abcabc")]
    [InlineData(new[] { 5.0, 1, 1 }, "aabacaa")]
    [InlineData(new[] { 0.6, 0.4 }, "ababa")]
    [InlineData(new[] { 3.0, 2 }, "ababa")]
    [InlineData(new[] { 60.0, 40 }, "ababa")]
    public void Turns_are_interleaved(double[] weights, string picks) => Assert.Equal(picks, Picks(Set(0, weights), picks.Length));

    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(0.6, 0.4)]
    [InlineData(0.7, 0.2, 0.1)]
    [InlineData(7.0, 2.0, 5.0, 1.0)]
    [InlineData(0.333, 0.333, 0.334)]
    [InlineData(1.0, 999.0)]
    [InlineData(1.0, 3.1415926, 2.7182818)]
    public void Shares_are_the_weights(params double[] weights)
    {
        const int Rounds = 7;
        var set = Set(0, weights);
        var picks = Picks(set, set.Turns * Rounds);
        for (var i = 0; i < weights.Length; i++)
        {
            var share = weights[i] / weights.Sum() * set.Turns * Rounds;
            Assert.InRange(picks.Count(c => c == 'a' + i), share - Rounds, share + Rounds);
            if (set.Turns < TurnSchedule.MaxTurns)
                Assert.Equal(Math.Round(share), picks.Count(c => c == 'a' + i));
        }
    }

    [Theory]
    [InlineData(1.0, 1.0, 1.0)]
    [InlineData(0.6, 0.4)]
    [InlineData(5.0, 3.0, 2.0)]
    public void At_any_time_each_node_is_within_one_turn_of_its_share(params double[] weights)
    {
        var set = Set(0, weights);
        var picks = Picks(set, 2500);
        for (var length = 1; length <= picks.Length; length++)
        {
            for (var i = 0; i < weights.Length; i++)
            {
                var share = weights[i] / weights.Sum() * length;
                Assert.InRange(picks.AsSpan(0, length).Count((char)('a' + i)), share - 1, share + 1);
            }
        }
    }

    [Theory]
    [InlineData(0, "ababaababa")]
    [InlineData(3, "baababaaba")]
    [InlineData(8, "baababaaba")]
    public void Turns_go_on_where_the_set_before_was(int start, string picks)
    {
        var set = Set(start, 3, 2);
        Assert.Equal(picks, Picks(set, 10));
        Assert.Equal(start % 5, set.NextTurn);
    }

    // Threads may take one turn together, whichever it is.
    [Fact]
    public void Concurrent_picks_keep_the_shares()
    {
        var set = Set(0, 3, 2);
        var picks = new string[500_000];
        Parallel.For(0, picks.Length, i => picks[i] = set.Next().NodeName);
        Assert.InRange(picks.Count(p => p == "a"), 297_000, 303_000);
    }

    [Fact]
    public async Task A_replica_that_falls_behind_gives_its_turns_away_and_equal_load_changes_nothing()
    {
        using var silent = new SilentServer();
        var (slow, quick) = (silent.Pool("slow"), silent.Pool("quick"));
        var set = new ReplicaSet([(slow, 1), (quick, 1)]);
        Assert.Equal("slowquickslowquick", Picks(set, 4));

        using var end = new CancellationTokenSource();
        var waiting = SilentServer.Open(slow, 40, end.Token);
        Assert.Equal("quickquickquickquick", Picks(set, 4));
        waiting.AddRange(SilentServer.Open(quick, 40, end.Token));
        Assert.Equal("slowquickslowquick", Picks(set, 4));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(waiting));
        Assert.Equal(0, slow.Leases);
    }

    [Fact]
    public async Task A_pool_that_is_used_up_gives_its_turns_away()
    {
        using var silent = new SilentServer();
        var (full, free) = (silent.Pool("full", maxSize: 3), Pools.Named("free"));
        var set = new ReplicaSet([(full, 1), (free, 1)]);
        using var end = new CancellationTokenSource();
        var waiting = SilentServer.Open(full, 3, end.Token);
        Assert.Equal("freefreefreefree", Picks(set, 4));

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(waiting));
        Assert.Equal(0, full.Leases);
        Assert.Contains("full", Picks(set, 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turns_alone_look_at_no_load_and_of_two_the_less_busy_is_taken()
    {
        using var silent = new SilentServer();
        var (slow, quick) = (silent.Pool("slow"), silent.Pool("quick"));
        using var end = new CancellationTokenSource();
        var waiting = SilentServer.Open(slow, 8, end.Token);
        Assert.Equal("slowquickslowquick", Picks(new ReplicaSet([(slow, 1), (quick, 1)], 0, BalancingMode.RoundRobin), 4));

        // The slow one is left with a quarter: where it is both the turn and the other choice.
        var picks = new ReplicaSet([(slow, 1), (quick, 1)], 0, BalancingMode.LeastInFlight);
        Assert.InRange(Enumerable.Range(0, 4000).Count(_ => picks.Next() == slow), 800, 1200);

        // By weight, both have as much to do: nothing changes hands.
        waiting.AddRange(SilentServer.Open(quick, 4, end.Token));
        Assert.Equal("slowquickslowslowquickslow", Picks(new ReplicaSet([(slow, 2), (quick, 1)], 0, BalancingMode.LeastInFlight), 6));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(waiting));
    }

    [Theory]
    [InlineData(BalancingMode.Default)]
    [InlineData(BalancingMode.RoundRobin)]
    [InlineData(BalancingMode.LeastInFlight)]
    public void A_full_server_gives_its_turns_away(BalancingMode mode)
    {
        var (full, free) = (Pools.Named("full"), Pools.Named("free"));
        full.CoveredAt = free.CoveredAt = 5;
        var set = new ReplicaSet([(full, 1), (free, 1)], 0, mode);
        full.ServerIsFull();
        Assert.All(Enumerable.Range(0, 4), _ => Assert.Same(free, set.NextWithPlace()));
        Assert.All(Enumerable.Range(0, 4), _ => Assert.Same(free, set.NextCovering(5)));
        Assert.All(Enumerable.Range(0, 4), _ => Assert.Same(free, set.NextCovering(5, out var _)));
        Assert.All(Enumerable.Range(0, 4), _ => Assert.Same(free, set.NextCovering(0, out var _)));
        Assert.Same(free, set.NextUntried(new CallAttempts()));
        var attempts = new CallAttempts();
        attempts.Add("free", new IOException());
        Assert.Null(set.NextUntried(attempts));
        Assert.Same(full, set.NextUntried(attempts, mayBeFull: true));

        // Who has what the read must see comes before who has a place.
        free.CoveredAt = 4;
        Assert.Same(full, set.NextCovering(5));
        free.ServerIsFull();
        Assert.Null(set.NextWithPlace());
        Assert.NotNull(set.NextCovering(0, out var _));
        Assert.Null(set.NextUntried(new CallAttempts()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task The_less_busy_of_two_keeps_the_weights_while_reads_run(int atOnce)
    {
        using var silent = new SilentServer();
        var set = new ReplicaSet([(silent.Pool("heavy", maxSize: 100), 0.9), (silent.Pool("light", maxSize: 100), 0.1)], 0, BalancingMode.LeastInFlight);
        var running = new Queue<(CancellationTokenSource End, Task Read)>();
        var light = 0;
        const int Reads = 2000;
        for (var i = 0; i < Reads; i++)
        {
            if (running.Count == atOnce)
            {
                // Whichever; the oldest ends first where all reads take as long.
                var (end, read) = running.Dequeue();
                await end.CancelAsync();
                await Assert.ThrowsAnyAsync<Exception>(() => read);
                end.Dispose();
            }

            var pool = set.Next();
            light += pool.NodeName == "light" ? 1 : 0;
            var began = new CancellationTokenSource();
            running.Enqueue((began, SilentServer.Open(pool, 1, began.Token)[0]));
        }

        foreach (var (end, read) in running)
        {
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => read);
            end.Dispose();
        }

        Assert.InRange(light / (double)Reads, 0.07, 0.12);
    }

    [Fact]
    public void Where_there_is_no_choice_another_attempt_takes_no_turn()
    {
        var set = Set(0, 1, 1, 998);
        var attempts = new CallAttempts();
        attempts.Add("c", new IOException());
        Assert.Contains(set.NextUntried(attempts)?.NodeName, new[] { "a", "b" });
        attempts.Add("a", new IOException());
        var turn = set.NextTurn;
        Assert.Equal("b", set.NextUntried(attempts)?.NodeName);
        attempts.Add("b", new IOException());
        Assert.Null(set.NextUntried(attempts));
        Assert.Equal(turn, set.NextTurn);
    }

    [Theory]
    [InlineData(BalancingMode.Default)]
    [InlineData(BalancingMode.RoundRobin)]
    [InlineData(BalancingMode.LeastInFlight)]
    [InlineData(BalancingMode.Nearest)]
    public void A_hundred_thousand_reads_keep_the_weights_within_a_hundredth(BalancingMode mode)
    {
        var set = new ReplicaSet([(Pools.Named("a"), 0.7), (Pools.Named("b"), 0.2), (Pools.Named("c"), 0.1)], 0, mode);
        var picks = Enumerable.Range(0, 100_000).Select(_ => set.Next().NodeName).CountBy(n => n).ToDictionary();
        Assert.InRange(picks["a"], 69_300, 70_700);
        Assert.InRange(picks["b"], 19_800, 20_200);
        Assert.InRange(picks["c"], 9_900, 10_100);
    }
}
