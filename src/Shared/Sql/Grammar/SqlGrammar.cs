namespace CompileTimeRouting.Sql;

/// <summary>
/// Whether a statement that reads is one of PostgreSQL's grammar: <c>SelectStmt</c> of <c>src/backend/parser/gram.y</c>, what
/// versions 13 to 18 know together, with EXPLAIN, SHOW and COPY around it. Each production is a method that moves behind what it
/// takes, or stands at the first token that can't follow and answers false. No token is read twice but for looking ahead.
/// </summary>
internal sealed partial class SqlGrammar
{
    /// <summary>Brackets in brackets; the stack of an IDE's thread is small, and PostgreSQL has a limit of its own.</summary>
    private const int MaxDepth = 250;

    private readonly SqlTokens _tokens;
    private string _sql = "";
    private int _position;
    private int _depth;
    private int _maxDepth;

    /// <param name="tokens">The tokens of whichever statement is asked about, brackets balanced.</param>
    public SqlGrammar(SqlTokens tokens) => _tokens = tokens;

    /// <summary>The first token that can't stand where it does, the last one where more must follow; -1 where all can.</summary>
    /// <param name="sql">Their text.</param>
    /// <param name="nesting">How many strings it stands in: all of them are on the stack.</param>
    public int FirstMisplaced(string sql, int nesting)
    {
        _maxDepth = MaxDepth >> nesting;
        _sql = sql;
        _position = 0;
        _depth = 0;
        _rowEnd = -1;
        var isWhole = Statement() && _position == _tokens.Count;
        _sql = "";
        return isWhole ? -1 : Math.Min(_position, _tokens.Count - 1);
    }

    private bool Statement() => Keyword() switch
    {
        SqlKeyword.Explain => Explain(),
        SqlKeyword.Copy => Copy(),
        SqlKeyword.Show => Show(),
        SqlKeyword.Select or SqlKeyword.Values or SqlKeyword.Table => Query(),
        SqlKeyword.With or SqlKeyword.Merge => Preparable(),
        _ => Kind() == SqlTokenKind.OpenParen ? Query() : Rest(),
    };
}
