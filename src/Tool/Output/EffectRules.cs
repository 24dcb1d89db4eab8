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
            if (!SqlEffectRules.IsSaidByNext(effects, i))
                yield return (Of(effects[i]), effects[i]);
        }
    }

    /// <summary>The rule's id; for what no rule of the analyzer reports, the effect's kind.</summary>
    private static string Of(SqlEffect effect)
    {
        var rule = effect.Impact == SqlEffectImpact.Unknown ? null : InString(effect) ?? SqlEffectRules.Of(effect);
        return rule ?? Names.Of(effect.Kind);
    }

    /// <summary>What the rule says, in a few words.</summary>
    public static string Title(string ruleId) => ruleId switch
    {
        RuleIds.SqlWrites => SqlRuleTitles.Writes,
        RuleIds.SqlLocks => SqlRuleTitles.Locks,
        RuleIds.SqlCallsWrite => SqlRuleTitles.CallsWrite,
        RuleIds.SqlNeedsPrimary => SqlRuleTitles.NeedsPrimary,
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

    /// <summary>The rule of what a string does that a function runs; null for any other effect.</summary>
    private static string? InString(in SqlEffect effect)
    {
        if (SqlEffectRules.TextOf(effect) is not { } text)
            return null;
        foreach (var inner in SqlEffects.Analyze(text).Effects)
        {
            if (inner.Impact == effect.Impact)
                return Of(inner);
        }

        return null;
    }
}
