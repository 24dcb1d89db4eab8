using System.Collections.Concurrent;
using CompileTimeRouting.Sql;

namespace CompileTimeRouting.EntityFrameworkCore.Guards;

/// <summary>
/// Judges raw SQL that EF is about to send. Each text is read once: values are parameters, so that a program has few texts;
/// one that makes them up has them read each time, once the table is full.
/// </summary>
internal static class RawSql
{
    private const int MaxTexts = 1_000;

    private static readonly SqlEffectOptions Options = new() { UnknownFunctions = SqlRoute.Unknown };

    private static readonly ConcurrentDictionary<string, RawSqlVerdict> Verdicts = new(StringComparer.Ordinal);

    public static RawSqlVerdict Judge(string sql)
    {
        if (Verdicts.TryGetValue(sql, out var verdict))
            return verdict;
        verdict = SqlEffects.Analyze(sql, Options).Route switch
        {
            SqlRoute.Replica => RawSqlVerdict.Reads,
            SqlRoute.Unknown => RawSqlVerdict.Unknown,
            _ => RawSqlVerdict.Writes,
        };
        if (Verdicts.Count < MaxTexts)
            Verdicts.TryAdd(sql, verdict);
        return verdict;
    }
}
