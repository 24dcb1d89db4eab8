using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace CompileTimeRouting.Tool.Tests;

/// <summary><c>ctr sql classify --ndjson</c>: one line in, one line out.</summary>
public class NdjsonTests
{
    private static readonly string[] Ndjson = ["sql", "classify", "--ndjson"];

    [Fact]
    public async Task A_line_has_the_documented_members()
    {
        var outcome = await Ctr.RunAsync(Ndjson, """{"id":"a","sql":"with d as (delete from app.u returning id) select f(id), nextval('s') from d, v"}""" + "\n");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Errors);
        Assert.Equal(
            """
            {"id":"a","route":"primary","effects":[{"kind":"data-modifying-with","text":"delete","start":11,"length":6,"impact":"refused"},{"kind":"unknown-function","text":"f","start":50,"length":1,"impact":"unknown","detail":"f"},{"kind":"refused-function","text":"nextval","start":57,"length":7,"impact":"refused","detail":"nextval"}],"reads":["v"],"writes":["app.u"],"functions":["f","nextval"]}

            """,
            outcome.Output);
    }

    [Fact]
    public async Task Ids_come_back_as_they_came_and_in_order()
    {
        string[] ids = ["\"x\"", "7", "-1.50e3", "123456789012345678901234567890", "\"\\u00e4\\n\\\"\"", "\"\"", "\"é\"", "7"];
        var outcome = await Ctr.RunAsync(Ndjson, string.Concat(ids.Select(static id => $"{{\"sql\":\"select 1\",\"id\":{id}}}\n")));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(ids.Select(static id => $"{{\"id\":{id},\"route\":\"replica\",\"effects\":[],\"reads\":[],\"writes\":[],\"functions\":[]}}"), outcome.Lines);
    }

    [Fact]
    public async Task A_line_is_answered_by_its_strictest_statement()
    {
        (string Sql, string Route)[] all =
        [
            ("select 1; select 2", "replica"),
            ("select 1; selec 2", "unknown"),
            ("selec 1; delete from t; select 2", "primary"),
            ("", "replica"),
            (" -- nothing", "replica"),
        ];
        var outcome = await Ctr.RunAsync(Ndjson, string.Concat(all.Select(static l => JsonSerializer.Serialize(new { id = 1, sql = l.Sql }) + "\n")));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(all, all.Zip(Answers.Read(outcome), static (l, answer) => (l.Sql, answer.Text("route"))));
    }

    [Fact]
    public async Task A_malformed_line_has_an_answer_in_its_place()
    {
        (string Line, string Id, string Error)[] all =
        [
            ("nonsense", "null", "the line is no JSON"),
            ("""{"id":"a","sql":"select 1" """, "\"a\"", "the line is no JSON"),
            ("""{"id":"a","sql":"select 1"} x""", "\"a\"", "the line is no JSON"),
            ("""{"id":3,"sql":}""", "3", "the line is no JSON"),
            ("""["select 1"]""", "null", "no JSON object"),
            ("""{"id":3}""", "3", "no \"sql\""),
            ("""{"id":3,"sql":null}""", "3", "\"sql\" must be a string"),
            ("""{"id":3,"sql":["select 1"]}""", "3", "\"sql\" must be a string"),
            ("""{"sql":"select 1"}""", "null", "no \"id\""),
            ("""{"id":true,"sql":"select 1"}""", "null", "\"id\" must be a string or a number"),
            ("""{"id":{"id":1},"sql":"select 1"}""", "null", "\"id\" must be a string or a number"),
        ];
        var outcome = await Ctr.RunAsync(Ndjson, string.Concat(all.Select(static (l, i) => $"{{\"id\":\"before {i}\",\"sql\":\"select 1\"}}\n{l.Line}\n")));

        Assert.Equal(1, outcome.ExitCode);
        var answers = Answers.Read(outcome);
        var errors = outcome.Errors.TrimEnd().Split('\n');
        Assert.Equal((all.Length * 2, all.Length), (answers.Count, errors.Length));
        for (var i = 0; i < all.Length; i++)
        {
            Assert.Equal($"before {i}", answers[2 * i].Text("id"));
            Assert.Equal("replica", answers[2 * i].Text("route"));
            Assert.False(answers[2 * i].TryGetProperty("error", out _));
            var answer = answers[(2 * i) + 1];
            Assert.Equal((all[i].Id, "unknown"), (answer.GetProperty("id").GetRawText(), answer.Text("route")));
            Assert.Contains(all[i].Error, answer.Text("error"), StringComparison.Ordinal);
            Assert.StartsWith($"ctr: line {(2 * i) + 2}: {answer.Text("error")}", errors[i], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Blank_lines_carriage_returns_a_byte_order_mark_and_a_missing_last_line_feed_are_taken()
    {
        var outcome = await Ctr.RunAsync(Ndjson, "\uFEFF{\"id\":1,\"sql\":\"select 1\"}\r\n\r\n  \n{\"id\":2,\"sql\":\"delete from t\"}");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["replica", "primary"], Answers.Read(outcome).Select(static a => a.Text("route")));
    }

    [Fact]
    public async Task No_input_is_no_answer()
    {
        var outcome = await Ctr.RunAsync(Ndjson, "");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Bytes);
    }

    /// <summary>What a server would refuse to read is never sent to a replica by guess.</summary>
    [Fact]
    public async Task Odd_characters_have_an_answer()
    {
        (string Json, string Route)[] all =
        [
            ("""select 1\u0000; delete from t""", "primary"),
            ("""delete from \u0000""", "primary"),
            ("""\u0000""", "unknown"),
            ("""select '\ud800'""", "unknown"),
            ("""select '\udc00\ud800', \"\ud83d\" from t for update""", "primary"),
            ("""delete from \"\ud83d\ude00\" """, "primary"),
            ("""\ud800""", "unknown"),
            ("""select 1 -- x\r; delete from t""", "primary"),
            ("""select 1\r\n;\r\ndelete\r\nfrom t""", "primary"),
        ];
        var outcome = await Ctr.RunAsync(Ndjson, string.Concat(all.Select(static l => $"{{\"id\":1,\"sql\":\"{l.Json}\"}}\n")));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(all, all.Zip(Answers.Read(outcome), static (l, answer) => (l.Json, answer.Text("route"))));
    }

    [Fact]
    public async Task What_is_not_utf8_has_an_answer()
    {
        byte[] input = [.. "{\"id\":\"\xff\",\"sql\":\"delete from t -- "u8, 0xff, 0xed, 0xa0, 0x80, 0xc3, .. "\"}\n"u8, .. "{\"id\":\""u8, 0xff, .. "\",\"sql\":\"select 1\"}\n"u8];
        var outcome = await Ctr.RunAsync(Ndjson, input);

        Assert.Equal(0, outcome.ExitCode);
        var answers = Answers.Read(outcome);
        Assert.Equal(["primary", "replica"], answers.Select(static a => a.Text("route")));
        Assert.Equal("\uFFFD", answers[1].Text("id"));
    }

    [Fact]
    public async Task Megabytes_in_a_line_have_an_answer()
    {
        var literal = "select '" + new string('x', 5_000_000) + "'";
        var nested = new string('(', 1_000_000) + "select 1";
        var outcome = await Ctr.RunAsync(Ndjson, $"{{\"id\":1,\"sql\":\"{literal}\"}}\n{{\"id\":2,\"sql\":\"{nested}\"}}\n{{\"id\":3,\"sql\":\"select '{new string('\'', 1_000_000)}\"}}\n");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(["replica", "unknown", "unknown"], Answers.Read(outcome).Select(static a => a.Text("route")));
    }

    [Fact]
    public async Task Many_lines_keep_their_order()
    {
        var input = new StringBuilder();
        for (var i = 0; i < 20_000; i++)
            input.Append("{\"id\":").Append(i).Append(",\"sql\":\"select a, b from t join u on t.id = u.id where t.a = @a order by b limit 10").Append(i % 3 == 0 ? " for update" : "").Append("\"}\n");
        var clock = Stopwatch.StartNew();
        var outcome = await Ctr.RunAsync(Ndjson, input.ToString());

        Assert.Equal(0, outcome.ExitCode);
        var answers = Answers.Read(outcome);
        Assert.Equal(Enumerable.Range(0, 20_000), answers.Select(static a => a.GetProperty("id").GetInt32()));
        Assert.All(answers, static a => Assert.Equal(a.GetProperty("id").GetInt32() % 3 == 0 ? "primary" : "replica", a.Text("route")));
        // A second on an idle machine.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_program_can_ask_one_line_and_wait_for_its_answer()
    {
        using var process = Ctr.Start(Ndjson);
        var ct = TestContext.Current.CancellationToken;
        for (var i = 0; i < 3; i++)
        {
            await process.StandardInput.WriteLineAsync($"{{\"id\":{i},\"sql\":\"select {i}\"}}");
            await process.StandardInput.FlushAsync(ct);
            var answer = await process.StandardOutput.ReadLineAsync(ct).AsTask().WaitAsync(TimeSpan.FromSeconds(60), ct);
            Assert.StartsWith($"{{\"id\":{i},\"route\":\"replica\"", answer, StringComparison.Ordinal);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(ct);
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData("replica", "replica")]
    [InlineData("unknown", "unknown")]
    [InlineData("primary", "primary")]
    public async Task Unknown_functions_go_where_they_are_told(string policy, string route)
    {
        var outcome = await Ctr.RunAsync([.. Ndjson, "--unknown-functions", policy], """{"id":1,"sql":"select f(1)"}""");

        Assert.Equal(route, Assert.Single(Answers.Read(outcome)).Text("route"));
    }
}
