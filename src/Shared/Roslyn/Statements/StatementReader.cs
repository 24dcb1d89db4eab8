using CompileTimeRouting.Roslyn.Models;
using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>
/// Joins the SQL of a routed method with its parameters and its result. It works on values alone, so that the generator's
/// pipeline does it again only when one of them has changed.
/// </summary>
internal static class StatementReader
{
    /// <summary>The method with its body, or refused where the statement breaks a rule. A method without SQL is given back as it is.</summary>
    public static RoutedMethod Complete(RoutedMethod method)
    {
        if (method.Statement is not { } statement)
            return method;
        var reading = Read(method, statement);
        return reading.Body is { } body ? method with { Statement = statement with { Body = body } } : Refusal.Of(method, reading.BlockedBy!);
    }

    /// <summary>Reads one statement.</summary>
    public static StatementReading Read(RoutedMethod method, StatementModel statement)
    {
        var reading = new StatementReading(method, statement);
        if (!IsOneStatement(reading))
            return reading;

        var parameters = ParameterBinder.Bind(reading, out var sql);
        var result = SelectList.Read(reading.Sql);
        var (execution, row) = ResultBinder.Bind(reading, result);
        if (reading.BlockedBy is null)
        {
            var leavesSessionClean = SqlSessionState.IsUntouchedBy(reading.Sql);
            reading.Body = new StatementBody(sql, parameters, execution, row, leavesSessionClean, !leavesSessionClean && TakesPosition(method, result, execution));
        }

        return reading;
    }

    // Its transaction is then begun and committed around it. So it must be of the kind that does in a transaction block what it
    // does outside of one, and its rows, where it has any, read to the end before its caller goes on. Where it fails, its
    // connection is rolled back, which one that is kept for others as it is would not be.
    private static bool TakesPosition(RoutedMethod method, SelectList result, StatementExecution execution) =>
        method.Route is { IsRead: false, Transaction: false }
        && result.Kind is SqlStatementKind.Select or SqlStatementKind.Insert or SqlStatementKind.Update or SqlStatementKind.Delete or SqlStatementKind.Merge
        && (execution == StatementExecution.Rows ? method.Statement!.Result.Cardinality != ResultCardinality.Stream : result.ReturnsRows == false);

    private static bool IsOneStatement(StatementReading reading)
    {
        foreach (var token in new SqlLexer(reading.Sql))
        {
            if (token.IsUnterminated)
                return Unusable(token.Start, token.Length, $"it ends inside {What(token.Kind)} that begins with '{Beginning(reading.Sql, token)}'");
            if (token.Kind is SqlTokenKind.Junk or SqlTokenKind.Invalid)
                return Unusable(token.Start, token.Length, $"PostgreSQL can't read '{Beginning(reading.Sql, token)}'");
        }

        var statements = SqlStatements.Split(reading.Sql);
        if (statements.Count == 0)
            return Unusable(0, 0, "it is empty");
        if (statements.Count > 1)
            return Unusable(statements[1].Start, statements[1].Length, $"it holds {statements.Count} statements, and a generated body runs one");
        return statements[0].IsWellFormed || Unusable(0, 0, "its parentheses don't match");

        bool Unusable(int start, int length, string reason)
        {
            reading.Break(RuleIds.UnusableSql, StatementPlace.Sql, start, length, reason);
            return false;
        }
    }

    private static string What(SqlTokenKind kind) => kind switch
    {
        SqlTokenKind.BlockComment => "a comment",
        SqlTokenKind.QuotedIdentifier or SqlTokenKind.UnicodeIdentifier => "a quoted name",
        _ => "a literal",
    };

    private static string Beginning(string sql, in SqlToken token)
    {
        const int Enough = 16;
        return token.Length <= Enough ? token.Text(sql) : sql.Substring(token.Start, Enough) + "…";
    }
}
