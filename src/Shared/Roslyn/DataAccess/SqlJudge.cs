using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// Says which words make SQL unfit for a read, and by which rule. It doesn't know where the SQL was found: whoever found it
/// says what stands where.
/// </summary>
internal static class SqlJudge
{
    private const string Refuses = "which a replica refuses";
    private const string Belongs = "whose effect belongs on the primary";

    /// <summary>How SQL is read that is judged.</summary>
    /// <param name="catalog">What the database says of its own functions and views.</param>
    public static SqlEffectOptions Options(SqlCatalog? catalog) => catalog is null ? SqlEffectOptions.Default : new SqlEffectOptions { Catalog = catalog };

    /// <summary>Each finding once, in the order of the text.</summary>
    /// <param name="sql">The SQL.</param>
    /// <param name="read">What it does, by the same <see cref="Options"/>.</param>
    /// <param name="catalog">What the database says of its own functions and views.</param>
    /// <param name="ofOtherDialects">Whether the verb of a statement counts that isn't PostgreSQL's, as one with [brackets].</param>
    public static IReadOnlyList<SqlFinding> Judge(string sql, SqlEffects read, SqlCatalog? catalog, bool ofOtherDialects)
    {
        List<SqlFinding>? found = null;
        foreach (var statement in read.Statements)
        {
            // Of one that ends in a literal, or whose brackets don't match, only the verb is sure.
            if (!statement.Statement.IsWellFormed && !ofOtherDialects)
                continue;
            Add(statement.Effects, statement.Statement.IsWellFormed ? null : statement.Statement, static effect => (effect.Start, effect.Length), sql);
        }

        return found ?? (IReadOnlyList<SqlFinding>)[];

        void Add(IReadOnlyList<SqlEffect> effects, SqlStatement? malformed, Func<SqlEffect, (int Start, int Length)> place, string text)
        {
            for (var i = 0; i < effects.Count; i++)
            {
                var effect = effects[i];
                if (malformed is { } whole && effect.Start != whole.Start)
                    continue;
                if (SqlEffectRules.TextOf(effect) is { } inner)
                {
                    // The squiggle stands under the string, the message names the word in it.
                    var at = place(effect);
                    foreach (var statement in SqlEffects.Analyze(inner, Options(catalog)).Statements)
                        Add(statement.Effects, null, _ => at, inner);
                }
                else if (RuleOf(effect) is { } rule && !SqlEffectRules.IsSaidByNext(effects, i))
                {
                    var (start, length) = place(effect);
                    (found ??= []).Add(new SqlFinding(rule, start, length, Word(effect, text), Reason(effect), effect.Impact != SqlEffectImpact.Unknown));
                }
            }
        }
    }

    /// <summary>
    /// Of a text whose beginning isn't known, the words that only a write has: <c>insert into</c>, <c>delete from</c>,
    /// <c>on conflict</c> and <c>returning</c>, outside of parentheses. Null without any.
    /// </summary>
    public static SqlFinding? JudgeTail(string sql)
    {
        var depth = 0;
        SqlToken before = default;
        foreach (var token in new SqlLexer(sql))
        {
            if (token.IsTrivia)
                continue;
            if (token.Kind is SqlTokenKind.OpenParen or SqlTokenKind.CloseParen)
                depth += token.Kind == SqlTokenKind.OpenParen ? 1 : -1;
            // RETURNING is reserved: only behind a point it names a column.
            var start = (before.Keyword, token.Keyword) switch
            {
                (SqlKeyword.Insert, SqlKeyword.Into) or (SqlKeyword.Delete, SqlKeyword.From) or (SqlKeyword.On, SqlKeyword.Conflict) => before.Start,
                (_, SqlKeyword.Returning) when before.Kind != SqlTokenKind.Dot => token.Start,
                _ => -1,
            };
            if (depth == 0 && start >= 0 && before.Length > 0)
                return new SqlFinding(RuleIds.SqlWrites, start, token.End - start, Words(sql.Substring(start, token.End - start), upper: true), Refuses);
            before = token;
        }

        return null;
    }

    private static string? RuleOf(in SqlEffect effect)
    {
        switch (effect.Kind)
        {
            case SqlEffectKind.WritingRoutine:
            case SqlEffectKind.UnknownRoutine:
            case SqlEffectKind.CallingRelation:
            case SqlEffectKind.UnloggedTable:
            case SqlEffectKind.UnknownFunction:
            case SqlEffectKind.Call:
            case SqlEffectKind.DoBlock:
                return RuleIds.CallsRoutine;
            case var _ when effect.Impact == SqlEffectImpact.Unknown:
                return RuleIds.UnknownSql;
            default:
                return SqlEffectRules.Of(effect);
        }
    }

    private static string Word(in SqlEffect effect, string sql)
    {
        switch (effect.Kind)
        {
            case SqlEffectKind.RefusedFunction:
            case SqlEffectKind.PrimaryFunction:
            case SqlEffectKind.SqlInString when effect.Impact != SqlEffectImpact.Unknown:
                return effect.Detail!;
            case SqlEffectKind.TemporaryObject:
                return $"a temporary object ({Words(effect.Text(sql), upper: true)})";
            case SqlEffectKind.WritingRoutine:
            case SqlEffectKind.UnknownRoutine:
            case SqlEffectKind.CallingRelation:
            case SqlEffectKind.UnloggedTable:
            case SqlEffectKind.UnknownFunction:
                return Words(effect.Text(sql), upper: false);
            case SqlEffectKind.Call:
                return Procedure(sql, effect.End) ?? Words(effect.Text(sql), upper: true);
            default:
                return Words(effect.Text(sql), upper: true);
        }
    }

    // The name behind CALL, as it is written.
    private static string? Procedure(string sql, int start)
    {
        var name = "";
        var isDotNext = false;
        foreach (var token in new SqlLexer(sql, start))
        {
            if (token.IsTrivia)
                continue;
            if (isDotNext ? token.Kind != SqlTokenKind.Dot : !SqlIdentifier.IsIdentifier(token.Kind))
                break;
            name += token.Text(sql);
            isDotNext = !isDotNext;
        }

        return name.Length > 0 ? name : null;
    }

    // Between two words there may be lines and comments.
    private static string Words(string text, bool upper)
    {
        var words = new List<string>();
        foreach (var token in new SqlLexer(text))
        {
            if (!token.IsTrivia)
                words.Add(upper && token.Kind == SqlTokenKind.Identifier ? token.Text(text).ToUpperInvariant() : token.Text(text));
        }

        return string.Join(" ", words).Replace(" . ", ".");
    }

    private static string Reason(in SqlEffect effect) => effect.Kind switch
    {
        SqlEffectKind.WritingRoutine or SqlEffectKind.CallingRelation => $"which by the catalog snapshot doesn't only read ({effect.Detail})",
        SqlEffectKind.UnloggedTable => "which is unlogged, so that a replica has none of its rows",
        SqlEffectKind.UnknownRoutine => "whose body the catalog snapshot doesn't know",
        SqlEffectKind.Call when effect.Detail is not null => $"which by the catalog snapshot doesn't only read ({effect.Detail})",
        SqlEffectKind.UnknownFunction or SqlEffectKind.Call => "which only the database knows",
        SqlEffectKind.DoBlock => "whose code may write",
        _ when effect.Impact == SqlEffectImpact.Unknown => effect.Detail ?? "which isn't known",
        _ => effect.Impact == SqlEffectImpact.Refused ? Refuses : Belongs,
    };
}
