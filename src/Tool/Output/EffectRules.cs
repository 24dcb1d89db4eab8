using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Tool.Output;

/// <summary>Which of the analyzer's rules an effect falls under.</summary>
internal static class EffectRules
{
    /// <summary>Each effect with its rule, without what another one says better.</summary>
    public static IEnumerable<(string Rule, SqlEffect Effect)> Findings(IReadOnlyList<SqlEffect> effects)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            // SELECT INTO TEMP is a write and a temporary object.
            var isSaidByNext = effects[i].Kind == SqlEffectKind.SelectInto && i + 1 < effects.Count
                && effects[i + 1].Kind == SqlEffectKind.TemporaryObject && effects[i + 1].Start == effects[i].Start;
            if (!isSaidByNext)
                yield return (Of(effects[i]), effects[i]);
        }
    }

    /// <summary>The rule's id; for what no rule of the analyzer reports, the effect's kind.</summary>
    private static string Of(SqlEffect effect) => effect.Kind switch
    {
        _ when effect.Impact == SqlEffectImpact.Unknown => Names.Of(effect.Kind),
        SqlEffectKind.Insert or SqlEffectKind.Update or SqlEffectKind.Delete or SqlEffectKind.Merge or SqlEffectKind.DataModifyingWith
            or SqlEffectKind.Truncate or SqlEffectKind.SelectInto or SqlEffectKind.Ddl or SqlEffectKind.CopyFrom or SqlEffectKind.CopyToServer
            or SqlEffectKind.Maintenance => RuleIds.SqlWrites,
        SqlEffectKind.RowLock => RuleIds.SqlLocks,
        SqlEffectKind.LockTable when IsRefused(effect) => RuleIds.SqlLocks,
        SqlEffectKind.SqlInString when InString(effect) is { } rule => rule,
        SqlEffectKind.RefusedFunction or SqlEffectKind.PrimaryFunction or SqlEffectKind.SqlInString => RuleIds.SqlCallsWrite,
        SqlEffectKind.TransactionMode or SqlEffectKind.TwoPhase or SqlEffectKind.Listen or SqlEffectKind.Notify or SqlEffectKind.TemporaryObject
            when IsRefused(effect) => RuleIds.SqlNeedsPrimary,
        _ => Names.Of(effect.Kind),
    };

    /// <summary>What the rule says, in a few words.</summary>
    public static string Title(string ruleId) => ruleId switch
    {
        RuleIds.SqlWrites => "The SQL of a read writes",
        RuleIds.SqlLocks => "The SQL of a read takes locks",
        RuleIds.SqlCallsWrite => "The SQL of a read calls a function that belongs on the primary",
        RuleIds.SqlNeedsPrimary => "The SQL of a read needs what only the primary has",
        Unsafe => "A standby refuses what was said to be a replica's",
        Wasteful => "A standby serves what was said to be refused",
        _ => ruleId.Replace('-', ' '),
    };

    public const string Unsafe = "standby-unsafe";

    public const string Wasteful = "standby-wasteful";

    /// <summary>The rule's page; null for what has none.</summary>
    public static string? HelpLink(string ruleId) => ruleId.StartsWith("CTR", StringComparison.Ordinal)
        ? $"https://github.com/compiletimerouting/compiletimerouting/blob/main/docs/rules/{ruleId}.md"
        : null;

    /// <summary>The rule of what the string does; null where the SQL goes to another server.</summary>
    private static string? InString(in SqlEffect effect)
    {
        if (effect.Detail is not { } text || SqlFunctionCatalog.Role(null, text) == SqlFunctionRole.RunsRemotely)
            return null;
        foreach (var inner in SqlEffects.Analyze(text).Effects)
        {
            if (inner.Impact == effect.Impact)
                return Of(inner);
        }

        return null;
    }

    private static bool IsRefused(in SqlEffect effect) => effect.Impact == SqlEffectImpact.Refused;
}
