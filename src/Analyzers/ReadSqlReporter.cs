using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Sql;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers;

/// <summary>
/// Says which words make SQL unfit for a read: CTR101, CTR102, CTR103 and CTR107. It doesn't know where the SQL was found:
/// whoever found it says what stands where. What the text doesn't tell is not reported.
/// </summary>
internal static class ReadSqlReporter
{
    private const string Refuses = "which a replica refuses";
    private const string Belongs = "whose effect belongs on the primary";

    /// <summary>Reports each effect once.</summary>
    /// <param name="method">The name of the method that is routed to a replica.</param>
    /// <param name="sql">The SQL that it runs.</param>
    /// <param name="locate">Finds a piece of the SQL, by offset and length, in the source.</param>
    /// <param name="report">Takes the diagnostics, in the order of the text.</param>
    public static void Report(string method, string sql, Func<int, int, Location> locate, Action<Diagnostic> report)
    {
        foreach (var statement in SqlEffects.Analyze(sql).Statements)
        {
            // Of one that ends in a literal, or whose brackets don't match, the meaning isn't known.
            if (statement.Statement.IsWellFormed)
                Report(statement.Effects, effect => (effect.Start, effect.Length));
        }

        void Report(IReadOnlyList<SqlEffect> effects, Func<SqlEffect, (int Start, int Length)> place, string? text = null)
        {
            for (var i = 0; i < effects.Count; i++)
            {
                var effect = effects[i];
                if (TextOf(effect) is { } inner)
                {
                    // The squiggle stands under the string, the message names the word in it.
                    var whole = place(effect);
                    foreach (var statement in SqlEffects.Analyze(inner).Statements)
                        Report(statement.Effects, _ => whole, inner);
                }
                else if (RuleOf(effect) is { } rule && !IsSaidByNext(effects, i))
                {
                    var (start, length) = place(effect);
                    report(Diagnostic.Create(Descriptors.Of(rule), locate(start, length), method, Word(effect, text ?? sql), Reason(effect)));
                }
            }
        }
    }

    private static string? RuleOf(in SqlEffect effect)
    {
        if (effect.Impact == SqlEffectImpact.Unknown)
            return null;
        var isRefused = effect.Impact == SqlEffectImpact.Refused;
        switch (effect.Kind)
        {
            case SqlEffectKind.Insert:
            case SqlEffectKind.Update:
            case SqlEffectKind.Delete:
            case SqlEffectKind.Merge:
            case SqlEffectKind.DataModifyingWith:
            case SqlEffectKind.Truncate:
            case SqlEffectKind.SelectInto:
            case SqlEffectKind.Ddl:
            case SqlEffectKind.CopyFrom:
            case SqlEffectKind.CopyToServer:
            case SqlEffectKind.Maintenance:
                return RuleIds.SqlWrites;
            case SqlEffectKind.RowLock:
            case SqlEffectKind.LockTable when isRefused:
                return RuleIds.SqlLocks;
            case SqlEffectKind.RefusedFunction:
            case SqlEffectKind.PrimaryFunction:
            case SqlEffectKind.SqlInString:
                return RuleIds.SqlCallsWrite;
            case SqlEffectKind.TransactionMode when isRefused:
            case SqlEffectKind.TwoPhase when isRefused:
            case SqlEffectKind.Listen when isRefused:
            case SqlEffectKind.Notify when isRefused:
            case SqlEffectKind.TemporaryObject when isRefused:
                return RuleIds.SqlNeedsPrimary;
            default:
                return null;
        }
    }

    // SELECT INTO TEMP is a write and a temporary object, which says more.
    private static bool IsSaidByNext(IReadOnlyList<SqlEffect> effects, int index) =>
        effects[index].Kind == SqlEffectKind.SelectInto && index + 1 < effects.Count &&
        effects[index + 1].Kind == SqlEffectKind.TemporaryObject && effects[index + 1].Start == effects[index].Start;

    // The SQL that a function runs; null for SQL that goes to another server, where the function is what matters.
    private static string? TextOf(in SqlEffect effect) =>
        effect is { Kind: SqlEffectKind.SqlInString, Impact: not SqlEffectImpact.Unknown, Detail: { } detail } &&
        SqlFunctionCatalog.Role(null, detail) != SqlFunctionRole.RunsRemotely
            ? detail
            : null;

    private static string Word(in SqlEffect effect, string sql)
    {
        switch (effect.Kind)
        {
            case SqlEffectKind.RefusedFunction:
            case SqlEffectKind.PrimaryFunction:
            case SqlEffectKind.SqlInString:
                return effect.Detail!;
            case SqlEffectKind.TemporaryObject:
                return $"a temporary object ({Words(effect.Text(sql))})";
            default:
                return Words(effect.Text(sql));
        }
    }

    // Between two words there may be lines and comments.
    private static string Words(string text)
    {
        var words = new List<string>();
        foreach (var token in new SqlLexer(text))
        {
            if (!token.IsTrivia)
                words.Add(token.Kind == SqlTokenKind.Identifier ? token.Text(text).ToUpperInvariant() : token.Text(text));
        }

        return string.Join(" ", words);
    }

    private static string Reason(in SqlEffect effect) => effect.Impact == SqlEffectImpact.Refused ? Refuses : Belongs;
}
