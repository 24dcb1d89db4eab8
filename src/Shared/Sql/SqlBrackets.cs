namespace CompileTimeRouting.Sql;

/// <summary>
/// Tells the lexer whether it stands in a subscript, where a colon may part the bounds of a slice. One bit for each
/// open bracket; past 64 levels the outermost are forgotten.
/// </summary>
internal struct SqlBrackets
{
    private ulong _subscripts;

    /// <summary>The innermost open bracket is a subscript's, not a parenthesis or an array constructor's.</summary>
    public readonly bool InSubscript => (_subscripts & 1) != 0;

    /// <param name="kind">A bracket, a semicolon or what lies between them.</param>
    /// <param name="previousKind">The token before it that is no trivia.</param>
    /// <param name="previousKeyword">What that one is.</param>
    public void Track(SqlTokenKind kind, SqlTokenKind previousKind, SqlKeyword previousKeyword)
    {
        switch (kind)
        {
            case SqlTokenKind.OpenParen:
                _subscripts <<= 1;
                break;
            case SqlTokenKind.OpenBracket:
                // ARRAY[…] and the inner brackets of ARRAY[[…], […]]
                var constructor = previousKeyword == SqlKeyword.Array || previousKind is SqlTokenKind.OpenBracket or SqlTokenKind.Comma;
                _subscripts = (_subscripts << 1) | (constructor ? 0UL : 1UL);
                break;
            case SqlTokenKind.CloseParen or SqlTokenKind.CloseBracket:
                _subscripts >>= 1;
                break;
            case SqlTokenKind.Semicolon:
                _subscripts = 0;
                break;
        }
    }
}
