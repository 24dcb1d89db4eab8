using CompileTimeRouting.Faults.Reporting;

namespace CompileTimeRouting.Faults;

/// <summary>What the report says beside the bare figures.</summary>
public class ReportTests
{
    [Fact]
    public void Second_runs_and_skipped_scenarios_are_told()
    {
        Assert.Equal("2 scenarios run, 0 run a second time for a missed time limit, 0 skipped.", Report.Summary(["a", "b"], []));
        Assert.Equal(
            "2 scenarios run, 1 (a) run a second time for a missed time limit, 2 (c; d) skipped.", Report.Summary(["a", "a", "b"], ["c", "d"]));
    }

    [Fact]
    public void Time_that_is_taken_off_is_told()
    {
        Assert.Equal("3.83 s (2.91 s)", Report.OutOfService(TimeSpan.FromSeconds(3.83), TimeSpan.FromSeconds(2.91)));
        Assert.Equal("2.50 s", Report.OutOfService(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(2.5)));
        Assert.Equal("–", Report.OutOfService(null, null));
    }
}
