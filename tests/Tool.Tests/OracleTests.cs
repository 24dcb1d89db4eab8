using System.Text.Json;
using CompileTimeRouting.Sql.Tests;

namespace CompileTimeRouting.Tool.Tests;

/// <summary>Every statement of the oracle through the process, when it is there, scored as its score.py does.</summary>
public class OracleTests
{
    [Fact]
    public async Task Routes_are_what_a_standby_said()
    {
        Assert.SkipWhen(Oracle.File is null, Oracle.Missing);
        var statements = Oracle.Read().ToList();
        var outcome = await Ctr.RunAsync(
            ["sql", "classify", "--ndjson"], string.Concat(statements.Select(static s => JsonSerializer.Serialize(new { id = s.Id, sql = s.Sql }) + "\n")));

        Assert.Equal(0, outcome.ExitCode);
        var answers = Answers.Read(outcome);
        Assert.Equal(statements.Select(static s => s.Id), answers.Select(static a => a.Text("id")));
        var wasted = 0;
        foreach (var (statement, answer) in statements.Zip(answers))
        {
            var isAdvised = statement.Tags.Contains("primary-advised");
            if (answer.Text("route") == "replica")
            {
                Assert.True(
                    (statement.Label == "accepted" && !isAdvised)
                    || (statement.Label == "refused" && (statement.Tags.Contains("needs-catalog") || statement.Tags.Contains("needs-session"))),
                    statement.Sql);
            }
            else if (answer.Text("route") == "unknown"
                || (statement.Label == "accepted" && !isAdvised && statement.Kind is "query" or "explain" or "copy" && !statement.Tags.Contains("write-function-word")))
            {
                wasted++;
            }
        }

        Assert.InRange(wasted, 0, statements.Count(static s => s is { Label: "accepted", Kind: "query" }) * 0.005);
    }
}
