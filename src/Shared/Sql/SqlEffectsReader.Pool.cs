namespace CompileTimeRouting.Sql;

/// <content>A reader serves one text after the other: what it needs beside the result is allocated once for a thread.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>A statement longer than that is rare, and its memory isn't kept.</summary>
    private const int MaxKeptTokens = 8_192;

    [ThreadStatic]
    private static SqlEffectsReader? _kept;

    private bool _isBusy;

    /// <param name="sql">The SQL.</param>
    /// <param name="options">What is known beside it.</param>
    /// <param name="nesting">How many strings the text stands in: each of them is being read by a reader of its own.</param>
    public static List<SqlStatementEffects> ReadAll(string sql, SqlEffectOptions options, int nesting)
    {
        var kept = _kept;
        var reader = kept is { _isBusy: false } ? kept : new SqlEffectsReader();
        reader._isBusy = true;
        reader._sql = sql;
        reader._options = options;
        reader._nesting = nesting;
        var all = reader.ReadAll();
        // Not to keep alive what the caller holds no more.
        reader._sql = "";
        reader._options = SqlEffectOptions.Default;
        reader._isBusy = false;
        var isKept = reader._tokens.Capacity <= MaxKeptTokens;
        if (isKept != ReferenceEquals(kept, reader))
            _kept = isKept ? reader : null;
        return all;
    }
}
