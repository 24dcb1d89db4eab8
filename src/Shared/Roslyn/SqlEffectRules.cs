using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Roslyn;

/// <summary>Which rule an effect of a statement breaks in a read, where the text alone tells that it has it.</summary>
internal static class SqlEffectRules
{
    /// <summary>The rule's id; null for what no rule speaks of.</summary>
    public static string? Of(in SqlEffect effect)
    {
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

    /// <summary>Whether the next effect says more of the same words: SELECT INTO TEMP is a write and a temporary object.</summary>
    public static bool IsSaidByNext(IReadOnlyList<SqlEffect> effects, int index) =>
        effects[index].Kind == SqlEffectKind.SelectInto && index + 1 < effects.Count &&
        effects[index + 1].Kind == SqlEffectKind.TemporaryObject && effects[index + 1].Start == effects[index].Start;

    /// <summary>The SQL that a function runs; null for SQL that goes to another server, where the function is what matters.</summary>
    public static string? TextOf(in SqlEffect effect) =>
        effect is { Kind: SqlEffectKind.SqlInString, Impact: not SqlEffectImpact.Unknown, Detail: { } detail } &&
        SqlFunctionCatalog.Role(null, detail) != SqlFunctionRole.RunsRemotely
            ? detail
            : null;
}
