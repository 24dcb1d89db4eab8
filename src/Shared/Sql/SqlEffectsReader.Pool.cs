namespace CompileTimeRouting.Sql;

/// <content>A reader serves one text after the other: what it needs beside the result is allocated once for a thread.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>A statement longer than that is rare, and its memory isn't kept.</summary>
    private const int MaxKeptTokens = 8_192;

    [ThreadStatic]
    private static SqlEffectsReader? _spare;

    /// <param name="sql">The SQL.</param>
    /// <param name="options">What is known beside it.</param>
    /// <param name="nesting">How many strings the text stands in: each of them is being read by a reader of its own.</param>
    public static List<SqlStatementEffects> ReadAll(string sql, SqlEffectOptions options, int nesting)
    {
        var reader = _spare ?? new SqlEffectsReader();
        _spare = null;
        reader._sql = sql;
        reader._options = options;
        reader._nesting = nesting;
        var all = reader.ReadAll();
        if (reader._tokens.Capacity <= MaxKeptTokens)
        {
            // Not to keep alive what the caller holds no more.
            reader._sql = "";
            reader._options = SqlEffectOptions.Default;
            _spare = reader;
        }

        return all;
    }
}
