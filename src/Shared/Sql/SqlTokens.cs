namespace CompileTimeRouting.Sql;

/// <summary>
/// A statement's tokens without the trivia, with brackets matched, for those who must look back and ahead. The memory can
/// serve one statement after the other.
/// </summary>
internal sealed class SqlTokens
{
    /// <summary>How far behind the last token one may look.</summary>
    private const int EndTokens = 4;

    private SqlToken[] _tokens = new SqlToken[64];
    private int[] _closing = new int[64];
    private int[] _firstInside = new int[64];
    private int[] _open = new int[16];
    private int _openCount;
    private bool _isMismatched;

    /// <summary>Brackets that may hold nothing but further ones, from here to the end, have no first token inside yet.</summary>
    private int _pending;

    public SqlTokens(string sql) => Sql = sql;

    /// <param name="sql">The whole text: spans count from its start.</param>
    /// <param name="statement">The statement to read.</param>
    /// <param name="standardConformingStrings">The server setting of that name.</param>
    public SqlTokens(string sql, in SqlStatement statement, bool standardConformingStrings = true)
        : this(sql)
    {
        foreach (var token in new SqlLexer(sql, statement.Start, standardConformingStrings))
        {
            if (token.Start >= statement.End)
                break;
            if (!token.IsTrivia)
                Add(token);
        }

        Complete();
    }

    public string Sql { get; }

    public int Count { get; private set; }

    public int Capacity => _tokens.Length;

    public ref readonly SqlToken this[int index] => ref _tokens[index];

    /// <summary>Where the bracket that opens at an index closes, or -1 when it doesn't.</summary>
    public int Closing(int index) => _closing[index];

    /// <summary>The first token behind the parenthesis at an index that opens no further one; the count where there is none.</summary>
    public int FirstInside(int index) => _firstInside[index];

    /// <summary>Whether a query begins with the word at an index: VALUES may be a column.</summary>
    public bool BeginsQuery(int index) => _tokens[index].Keyword switch
    {
        SqlKeyword.Select or SqlKeyword.With or SqlKeyword.Table => true,
        SqlKeyword.Values => _tokens[index + 1].Kind == SqlTokenKind.OpenParen,
        _ => false,
    };

    /// <summary>Whether each bracket that opens is closed by one of its kind, and none closes that didn't open.</summary>
    public bool IsBalanced => _openCount == 0 && !_isMismatched;

    /// <summary>Forgets the tokens.</summary>
    public void Clear()
    {
        Count = 0;
        _isMismatched = false;
        _openCount = 0;
        _pending = 0;
    }

    /// <summary>Adds what is no trivia.</summary>
    public void Add(in SqlToken token)
    {
        var index = Count++;
        if (index == _tokens.Length)
            Grow();
        _tokens[index] = token;
        _closing[index] = -1;
        if (token.Kind != SqlTokenKind.OpenParen)
        {
            if (_pending == index)
                _pending++;
            else
                FillPending(index);
        }

        switch (token.Kind)
        {
            case SqlTokenKind.OpenParen or SqlTokenKind.OpenBracket:
                if (_openCount == _open.Length)
                    Array.Resize(ref _open, 2 * _openCount);
                _open[_openCount++] = index;
                break;
            case SqlTokenKind.CloseParen or SqlTokenKind.CloseBracket:
                // Of a crossed pair, ( ], neither end is matched.
                if (_openCount > 0 && _tokens[_open[--_openCount]].Kind == token.Kind - 1)
                    _closing[_open[_openCount]] = index;
                else
                    _isMismatched = true;
                break;
        }
    }

    /// <summary>Puts another token in the place of one that is no bracket.</summary>
    public void Replace(int index, in SqlToken token) => _tokens[index] = token;

    /// <summary>To be called behind the last token. Those who look ahead of it find white space there.</summary>
    public void Complete()
    {
        FillPending(Count);
        if (Count + EndTokens > _tokens.Length)
            Grow();
        Array.Clear(_tokens, Count, EndTokens);
    }

    private void FillPending(int firstInside)
    {
        while (_pending < firstInside)
            _firstInside[_pending++] = firstInside;
        _pending = firstInside + 1;
    }

    private void Grow()
    {
        var size = 2 * _tokens.Length;
        Array.Resize(ref _tokens, size);
        Array.Resize(ref _closing, size);
        Array.Resize(ref _firstInside, size);
    }
}
