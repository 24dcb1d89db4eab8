using System.Collections.Concurrent;
using CompileTimeRouting.Sql;

namespace CompileTimeRouting.EntityFrameworkCore.Guards;

/// <summary>
/// Judges SQL that EF is about to send. Each text is read once: values are parameters, so that a program has few texts;
/// one that makes them up has them read each time, once the table is full.
/// </summary>
internal static class SentSql
{
    private const int MaxTexts = 5_000;

    private static readonly SqlEffectOptions Options = new() { UnknownFunctions = SqlRoute.Unknown };

    private static readonly ConcurrentDictionary<string, SentSqlVerdict> Verdicts = new(StringComparer.Ordinal);

    // Beside the table, whose own count stops everybody who reads it.
    private static int _texts;

    public static SentSqlVerdict Judge(string sql)
    {
        if (Verdicts.TryGetValue(sql, out var verdict))
            return verdict;
        verdict = SqlEffects.Analyze(sql, Options).Route switch
        {
            SqlRoute.Replica => SentSqlVerdict.Reads,
            SqlRoute.Unknown => SentSqlVerdict.Unknown,
            _ => SentSqlVerdict.Writes,
        };
        if (Volatile.Read(ref _texts) < MaxTexts && Verdicts.TryAdd(sql, verdict))
            Interlocked.Increment(ref _texts);
        return verdict;
    }
}
