namespace CompileTimeRouting.Sql;

/// <summary>One thing that a statement does, with the words that do it.</summary>
internal readonly struct SqlEffect
{
    public SqlEffect(SqlEffectKind kind, SqlEffectImpact impact, int start, int length, string? detail = null)
    {
        Kind = kind;
        Impact = impact;
        Start = start;
        Length = length;
        Detail = detail;
    }

    public SqlEffectKind Kind { get; }

    public SqlEffectImpact Impact { get; }

    public int Start { get; }

    public int Length { get; }

    public int End => Start + Length;

    /// <summary>The function's name, why the text doesn't tell, or what the catalog says.</summary>
    public string? Detail { get; }

    public string Text(string sql) => sql.Substring(Start, Length);
}
