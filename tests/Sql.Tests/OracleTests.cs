namespace CompileTimeRouting.Sql.Tests;

/// <summary>Every statement of the oracle, when it is there.</summary>
public class OracleTests
{
    [Fact]
    public void Every_statement_is_read()
    {
        Assert.SkipWhen(Oracle.File is null, Oracle.Missing);

        var random = new Random(1);
        var total = 0;
        var undecided = 0;
        foreach (var statement in Oracle.Read())
        {
            var sql = statement.Sql;
            total++;
            SqlFuzzTests.AssertTiles(sql);
            SqlFuzzTests.AssertCommentsChangeNothing(sql, random);
            SqlFuzzTests.AssertStatements(sql);
            SqlParameters.Find(sql).Rewrite();
            var list = SelectList.Read(sql);
            if (list.State == SelectListState.Unknown && list.Kind is not (SqlStatementKind.Other or SqlStatementKind.Call))
                undecided++;
        }

        Assert.True(total > 10_000);
        // The one there is was written for standard_conforming_strings = off.
        Assert.InRange(undecided, 0, 1);
    }

    /// <summary>
    /// What the oracle's score.py counts: no statement on a standby that refuses it or that belongs on the primary, and few
    /// queries kept from a standby. CTR_PREDICTIONS names a file for score.py itself.
    /// </summary>
    [Fact]
    public void Routes_are_what_a_standby_said()
    {
        Assert.SkipWhen(Oracle.File is null, Oracle.Missing);

        var predictions = Environment.GetEnvironmentVariable("CTR_PREDICTIONS") is { Length: > 0 } path ? new StreamWriter(path) : null;
        var unsafeOnes = new List<string>();
        var misplaced = new List<string>();
        var wasted = new List<string>();
        var queries = 0;
        foreach (var statement in Oracle.Read())
        {
            var route = SqlEffects.Analyze(statement.Sql).Route;
            predictions?.WriteLine($"{{\"id\":\"{statement.Id}\",\"route\":\"{route.ToString().ToLowerInvariant()}\"}}");
            var accepted = statement.Label == "accepted";
            var advised = statement.Tags.Contains("primary-advised");
            queries += accepted && statement.Kind == "query" ? 1 : 0;
            if (route == SqlRoute.Unknown)
                wasted.Add(statement.Sql);
            else if (route == SqlRoute.Replica)
            {
                if (statement.Label == "refused" && !statement.Tags.Contains("needs-catalog") && !statement.Tags.Contains("needs-session"))
                    unsafeOnes.Add(statement.Sql);
                else if (statement.Label == "unservable" || (accepted && advised))
                    misplaced.Add(statement.Sql);
            }
            else if (accepted && !advised && statement.Kind is "query" or "explain" or "copy" && !statement.Tags.Contains("write-function-word"))
                wasted.Add(statement.Sql);
        }

        predictions?.Dispose();
        Assert.Empty(unsafeOnes);
        Assert.Empty(misplaced);
        Assert.True(wasted.Count <= queries * 0.005, string.Join('\n', wasted));
    }
}
