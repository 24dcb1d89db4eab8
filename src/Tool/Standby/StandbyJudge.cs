using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Output;

namespace CompileTimeRouting.Tool.Standby;

/// <summary>Decides what may be run on a live standby, and what its answer means.</summary>
internal static class StandbyJudge
{
    /// <summary>
    /// Why a statement isn't run; null for one that may be. A standby refuses to change the database, so that what is left
    /// to fear is what it accepts: ended sessions, settings, files, calls of other servers, locks, transaction control. Such
    /// a statement is said to belong on the primary, whatever the standby says; asking would teach nothing.
    /// </summary>
    public static string? WhyNotAsked(SqlStatementEffects statement)
    {
        if (!statement.Statement.IsWellFormed)
            return "the text isn't understood, so that nothing says that it may be run";
        foreach (var effect in statement.Effects)
        {
            if (WhyNotAsked(effect) is { } reason)
                return reason;
        }

        return null;
    }

    private static string? WhyNotAsked(in SqlEffect effect)
    {
        if (effect.Impact == SqlEffectImpact.BelongsOnPrimary || effect.Kind is SqlEffectKind.Call or SqlEffectKind.DoBlock)
            return $"a standby accepts it, and it does something ({Names.Of(effect.Kind)})";
        // COPY … FROM PROGRAM, which no standby runs, is none to try that with.
        if (effect.Kind is SqlEffectKind.CopyFrom or SqlEffectKind.CopyToServer)
            return $"it reaches files or programs ({Names.Of(effect.Kind)})";
        if (effect.Kind == SqlEffectKind.SqlInString)
            return "it runs SQL in a string";
        return effect is { Impact: SqlEffectImpact.Unknown, Kind: not (SqlEffectKind.UnknownFunction or SqlEffectKind.UnknownRoutine or SqlEffectKind.CallingRelation) }
            ? "the text isn't understood, so that nothing says that it may be run"
            : null;
    }

    /// <summary>Whether a standby alone raises this error.</summary>
    public static bool IsRefusal(string sqlState, string message) => sqlState switch
    {
        "25006" => true,
        "0A000" or "55000" or "XX000" => message.Contains("recovery", StringComparison.Ordinal) || message.Contains("standby", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Sets the standby's answer against the classification.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="statement">The classification.</param>
    /// <param name="isBound">Whether the statement ran with nulls for its parameters.</param>
    public static StandbyAnswer Judge(StandbyAnswer answer, SqlStatementEffects statement, bool isBound) => answer.Verdict switch
    {
        StandbyVerdict.Refused when statement.Route == SqlRoute.Replica => answer with { Disagreement = Disagreement.Unsafe },
        StandbyVerdict.Served when statement.Effects.Any(static e => e.Impact == SqlEffectImpact.Refused) => Served(answer, statement, isBound),
        _ => answer,
    };

    /// <summary>A plan is refused as it is; a function only when a row, a branch, or an argument that isn't null lets it be reached.</summary>
    private static StandbyAnswer Served(StandbyAnswer answer, SqlStatementEffects statement, bool isBound)
        => statement.Effects.All(static e => e.Impact != SqlEffectImpact.Refused || IsCall(e.Kind))
            ? StandbyAnswer.NoVerdict(isBound ? "served with null for every parameter: no call that a standby refuses was reached" : "served: no call that a standby refuses was reached")
            : answer with { Disagreement = Disagreement.Wasteful };

    private static bool IsCall(SqlEffectKind kind) =>
        kind is SqlEffectKind.RefusedFunction or SqlEffectKind.WritingRoutine or SqlEffectKind.CallingRelation;
}
