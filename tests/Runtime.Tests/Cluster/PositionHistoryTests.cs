using CompileTimeRouting.Cluster;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public class PositionHistoryTests
{
    [Fact]
    public void A_position_covers_the_latest_time_at_which_the_primary_stood_at_or_before_it()
    {
        var history = new PositionHistory();
        Assert.True(history.IsEmpty);
        history.Add(10, 100);
        history.Add(20, 200);
        history.Add(30, 300);
        Assert.Null(history.CoveredAt(99));
        Assert.Equal(10, history.CoveredAt(100));
        Assert.Equal(10, history.CoveredAt(199));
        Assert.Equal(20, history.CoveredAt(200));
        Assert.Equal(30, history.CoveredAt(ulong.MaxValue));
        Assert.Equal((300UL, 10L), (history.Newest, history.Oldest));
    }

    [Fact]
    public void On_an_idle_primary_the_covered_time_goes_on()
    {
        var history = new PositionHistory();
        for (var time = 1; time <= 10_000; time++)
            history.Add(time, 500);
        Assert.Equal(10_000, history.CoveredAt(500));
        Assert.Equal(1, history.Oldest);
        history.Add(10_001, 600);
        Assert.Equal(10_000, history.CoveredAt(500));
    }

    [Fact]
    public void News_from_the_past_is_none()
    {
        var history = new PositionHistory();
        history.Add(10, 100);
        history.Add(9, 200);
        history.Add(11, 50);
        Assert.Equal(100UL, history.Newest);
        Assert.Equal(10, history.CoveredAt(1000));
    }

    [Fact]
    public void A_long_history_stays_small_and_never_claims_more_than_was_seen()
    {
        var history = new PositionHistory();
        for (var i = 1; i <= 100_000; i++)
            history.Add(i * 10L, (ulong)i * 10);
        for (var position = 0UL; position <= 1_000_000; position += 777)
        {
            var covered = history.CoveredAt(position);
            Assert.True(covered is null || (ulong)covered <= position);
        }

        // The newest half is exact.
        Assert.Equal(999_990, history.CoveredAt(999_999));
        Assert.Equal(10, history.Oldest);
    }

    [Fact]
    public void A_position_has_the_time_of_the_first_answer_that_was_not_before_it()
    {
        var history = new PositionHistory();
        history.Add(10, 100);
        history.Add(20, 200);
        Assert.Equal(10, history.TimeOf(1));
        Assert.Equal(10, history.TimeOf(100));
        Assert.Equal(20, history.TimeOf(101));
        Assert.Null(history.TimeOf(201));
        Assert.True(history.CoveredAt(200) >= history.TimeOf(150));
        Assert.False(history.CoveredAt(150) >= history.TimeOf(150));
    }
}
