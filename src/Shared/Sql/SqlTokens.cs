namespace CompileTimeRouting.Sql;

/// <summary>A statement's tokens without the trivia, with brackets matched, for those who must look back and ahead.</summary>
internal sealed class SqlTokens
{
    private readonly List<SqlToken> _tokens = new();
    private readonly int[] _closing;
    private readonly int[] _firstInside;

    /// <param name="sql">The whole text: spans count from its start.</param>
    /// <param name="statement">The statement to read.</param>
    /// <param name="standardConformingStrings">The server setting of that name.</param>
    public SqlTokens(string sql, in SqlStatement statement, bool standardConformingStrings = true)
    {
        Sql = sql;
        foreach (var token in new SqlLexer(sql, statement.Start, standardConformingStrings))
        {
            if (token.Start >= statement.End)
                break;
            if (!token.IsTrivia)
                _tokens.Add(token);
        }

        _closing = new int[_tokens.Count];
        _firstInside = new int[_tokens.Count];
        Match();
    }

    public string Sql { get; }

    public int Count => _tokens.Count;

    public SqlToken this[int index] => _tokens[index];

    /// <summary>Where the bracket that opens at an index closes, or -1 when it doesn't.</summary>
    public int Closing(int index) => _closing[index];

    /// <summary>The first token behind the parenthesis at an index that opens no further one; the count where there is none.</summary>
    public int FirstInside(int index) => _firstInside[index];

    private void Match()
    {
        var open = new Stack<int>();
        for (var i = 0; i < _tokens.Count; i++)
        {
            _closing[i] = -1;
            switch (_tokens[i].Kind)
            {
                case SqlTokenKind.OpenParen or SqlTokenKind.OpenBracket:
                    open.Push(i);
                    break;
                case SqlTokenKind.CloseParen or SqlTokenKind.CloseBracket when open.Count > 0:
                    var start = open.Pop();
                    // A crossed pair, ( ], is a syntax error: neither end is matched.
                    if (_tokens[start].Kind == _tokens[i].Kind - 1)
                        _closing[start] = i;
                    break;
            }
        }

        for (var i = _tokens.Count - 1; i >= 0; i--)
        {
            var opens = i + 1 < _tokens.Count && _tokens[i + 1].Kind == SqlTokenKind.OpenParen;
            _firstInside[i] = opens ? _firstInside[i + 1] : i + 1;
        }
    }
}
