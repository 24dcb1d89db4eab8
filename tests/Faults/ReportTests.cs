using CompileTimeRouting.Faults.Reporting;

namespace CompileTimeRouting.Faults;

/// <summary>The last line of the report.</summary>
public class ReportTests
{
    [Fact]
    public void Second_runs_and_skipped_scenarios_are_told()
    {
        Assert.Equal("2 scenarios run, 0 run a second time for a missed time limit, 0 skipped.", Report.Summary(["a", "b"], []));
        Assert.Equal(
            "2 scenarios run, 1 (a) run a second time for a missed time limit, 2 (c; d) skipped.", Report.Summary(["a", "a", "b"], ["c", "d"]));
    }
}
