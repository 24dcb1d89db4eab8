namespace CompileTimeRouting.Sql;

/// <summary>Where a statement stands in a text: from its first to its last token, without the semicolon.</summary>
internal readonly struct SqlStatement
{
    public SqlStatement(int start, int length, bool isWellFormed)
    {
        Start = start;
        Length = length;
        IsWellFormed = isWellFormed;
    }

    public int Start { get; }

    public int Length { get; }

    public int End => Start + Length;

    /// <summary>False with an open literal, comment or parenthesis or a token that no server reads: its meaning isn't known.</summary>
    public bool IsWellFormed { get; }

    public string Text(string sql) => sql.Substring(Start, Length);
}
