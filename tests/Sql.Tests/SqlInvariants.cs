using System.Globalization;
using System.Text;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>What holds for the answer to any text.</summary>
internal static class SqlInvariants
{
    /// <summary>The broken one, or null.</summary>
    public static string? Violation(string sql, Random random)
    {
        var tokens = new List<SqlToken>();
        foreach (var token in new SqlLexer(sql))
            tokens.Add(token);
        var answer = SqlEffects.Analyze(sql);
        return Tiling(sql, tokens) ?? Spans(sql, answer) ?? Splitting(sql, answer) ?? Trivia(sql, tokens, answer, random);
    }

    private static string? Tiling(string sql, List<SqlToken> tokens)
    {
        var end = 0;
        foreach (var token in tokens)
        {
            if (token.Start != end || token.Length <= 0)
                return "the tokens don't tile the text";
            end = token.End;
        }

        return end == sql.Length ? null : "the tokens end before the text does";
    }

    private static string? Spans(string sql, SqlEffects answer)
    {
        var end = 0;
        foreach (var statement in answer.Statements)
        {
            var (first, last) = (statement.Statement.Start, statement.Statement.End);
            if (first < end || last > sql.Length || last <= first)
                return "the statements overlap";
            end = last;
            if (!statement.Statement.IsWellFormed && statement.Route == SqlRoute.Replica)
                return "a statement with an open end is a read";
            if (statement.Effects.Any(e => e.Start < first || e.End > last || e.Length <= 0))
                return "an effect stands outside its statement";
        }

        return null;
    }

    /// <summary>Alone, each statement does what it does among the others.</summary>
    private static string? Splitting(string sql, SqlEffects answer)
    {
        var split = SqlStatements.Split(sql);
        if (split.Count != answer.Statements.Count)
            return "the splitter counts other statements";
        // A character that can't be sent spoils all statements of its text.
        if (split.Count < 2 || SqlCharacters.IsUnsendable(sql))
            return null;
        for (var i = 0; i < split.Count; i++)
        {
            if (split[i].Start != answer.Statements[i].Statement.Start || split[i].Length != answer.Statements[i].Statement.Length)
                return "the splitter cuts elsewhere";
            // Npgsql's rule for a doubled mark looks at the character before, be it another statement's.
            var alone = SqlEffects.Analyze(split[i].Text(sql));
            if (alone.Statements.Count != 1 || alone.Route != answer.Statements[i].Route || alone.Statements[0].Effects.Count != answer.Statements[i].Effects.Count)
                return "a statement does something else when it is alone";
        }

        return null;
    }

    /// <summary>White space and comments between tokens change nothing but where things stand.</summary>
    private static string? Trivia(string sql, List<SqlToken> tokens, SqlEffects answer, Random random)
    {
        var changed = new StringBuilder(sql.Length * 2);
        var starts = new Dictionary<int, int>();
        var ends = new Dictionary<int, int>();
        var literal = false;
        foreach (var token in tokens)
        {
            // Npgsql's rule for doubled marks looks at the character before, whatever token it is in.
            var doubled = token.Start > 0 && sql[token.Start - 1] == sql[token.Start] && sql[token.Start] is ':' or '@';
            if (!doubled)
            {
                // A new line behind a literal may continue it.
                changed.Append(random.Next(literal ? 8 : 10) switch { 0 => "/* delete from t; */", 1 => "/*/**/'*/", 2 or 3 => " ", 8 => "\n\t", 9 => " -- '\r", _ => "" });
            }

            starts[token.Start] = changed.Length;
            changed.Append(sql, token.Start, token.Length);
            ends[token.End] = changed.Length;
            if (!token.IsTrivia)
                literal = token.Kind is >= SqlTokenKind.String and <= SqlTokenKind.HexString;
            // Where a comment runs to the end of the text, what comes next would be in it.
            if (token.Kind == SqlTokenKind.LineComment && token.End == sql.Length)
                break;
        }

        var text = changed.ToString();
        var other = SqlEffects.Analyze(text);
        var (expected, actual) = (Describe(answer, s => starts.GetValueOrDefault(s, -1), e => ends.GetValueOrDefault(e, -1)), Describe(other, s => s, e => e));
        return expected == actual ? null : $"trivia changed the answer\n  {text}\n  {expected}\n  {actual}";
    }

    private static string Describe(SqlEffects answer, Func<int, int> start, Func<int, int> end)
    {
        var text = new StringBuilder();
        foreach (var statement in answer.Statements)
        {
            text.Append(statement.Route);
            foreach (var effect in statement.Effects)
                text.Append(CultureInfo.InvariantCulture, $" {effect.Kind} {effect.Impact} {start(effect.Start)}-{end(effect.End)}");
            text.Append(" reads ").AppendJoin(' ', statement.Reads).Append(" writes ").AppendJoin(' ', statement.Writes).Append(" calls ").AppendJoin(' ', statement.Functions).Append("; ");
        }

        return text.ToString();
    }
}
