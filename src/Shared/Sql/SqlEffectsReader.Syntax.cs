namespace CompileTimeRouting.Sql;

/// <content>
/// Words with a bracket behind them that are the grammar's own. PostgreSQL lets every word name a function that isn't
/// reserved and names no column of its own, so that most clauses are known by what stands around their word.
/// </content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>Where the last <c>OPERATOR(…)</c> closes: what stands behind it is an operand.</summary>
    private int _operatorEnd = -1;

    private bool _inJsonTable;

    /// <summary>The statement has an INSERT, which alone has ON CONFLICT.</summary>
    private bool _inserts;

    /// <summary>Whether the name that begins here and has a bracket behind it is no function's.</summary>
    private bool IsSyntax(int index, int first, bool isItem)
    {
        if (KindAt(index + 1) == SqlTokenKind.Dot)
            return false;
        var keyword = KeywordAt(index);
        // FETCH FIRST (1) ROWS ONLY, FETCH NEXT …
        if (SqlKeywords.IsSyntax(keyword) || WordAt(SqlKeyword.Fetch, index - 1))
            return true;
        var before = KeywordAt(index - 1);
        return keyword switch
        {
            SqlKeyword.Other => false,
            SqlKeyword.By => before is SqlKeyword.Group or SqlKeyword.Order or SqlKeyword.Partition,
            SqlKeyword.Columns or SqlKeyword.Plan => _inJsonTable && FollowsOperand(index, first),
            SqlKeyword.Conflict => _inserts && before == SqlKeyword.On,
            // XMLPARSE(DOCUMENT (…)), XMLSERIALIZE(CONTENT (…) AS text)
            SqlKeyword.Content or SqlKeyword.Document => KindAt(index - 1) == SqlTokenKind.OpenParen
                && KeywordAt(index - 2) is SqlKeyword.Xmlparse or SqlKeyword.Xmlserialize,
            SqlKeyword.Cube or SqlKeyword.Rollup => isItem && BeginsItem(index),
            SqlKeyword.Escape or SqlKeyword.Passing or SqlKeyword.Path => FollowsOperand(index, first),
            SqlKeyword.Filter => WordAt(SqlKeyword.Where, index + 2),
            SqlKeyword.Groups or SqlKeyword.Range or SqlKeyword.Rows => BeginsFrame(index, first),
            SqlKeyword.Like or SqlKeyword.Ilike => FollowsOperand(before == SqlKeyword.Not ? index - 1 : index, first),
            SqlKeyword.Operator => IsOperator(index, first),
            SqlKeyword.Over => FollowsOperand(index, first) && KindAt(index - 1) == SqlTokenKind.CloseParen,
            SqlKeyword.Sets => IsGroupingSets(index),
            SqlKeyword.Zone => before == SqlKeyword.Time,
            // WHEN NOT MATCHED THEN INSERT (a, b) VALUES …
            SqlKeyword.Insert => before == SqlKeyword.Then
                && KeywordAt(_tokens.Closing(index + 1) + 1) is SqlKeyword.Values or SqlKeyword.Overriding,
            // DO UPDATE SET (a, b) = …
            SqlKeyword.Set => before == SqlKeyword.Update,
            // INTERVAL '1' SECOND (3), INTERVAL '1' DAY TO SECOND (3)
            SqlKeyword.Second => KindAt(index - 1) == SqlTokenKind.String
                || (before == SqlKeyword.To && KeywordAt(index - 2) is SqlKeyword.Day or SqlKeyword.Hour or SqlKeyword.Minute),
            SqlKeyword.Varying => before is SqlKeyword.Character or SqlKeyword.Char or SqlKeyword.Bit,
            _ => false,
        };
    }

    private bool IsGroupingSets(int index) => WordAt(SqlKeyword.Sets, index) && WordAt(SqlKeyword.Grouping, index - 1);

    /// <summary>Behind GROUP BY, its ALL or DISTINCT, a comma or the bracket of GROUPING SETS.</summary>
    private bool BeginsItem(int index)
        => KindAt(index - 1) is SqlTokenKind.Comma or SqlTokenKind.OpenParen
            || KeywordAt(index - 1) is SqlKeyword.By or SqlKeyword.All or SqlKeyword.Distinct;

    /// <summary><c>ROWS (1) PRECEDING</c>, behind an order or where the window begins.</summary>
    private bool BeginsFrame(int index, int first)
    {
        if (KindAt(index - 1) != SqlTokenKind.OpenParen)
            return FollowsOperand(index, first);
        return WordAt(SqlKeyword.As, index - 2) || (WordAt(SqlKeyword.Over, index - 2) && IsSyntax(index - 2, first, isItem: false));
    }

    /// <summary><c>OPERATOR(pg_catalog.+)</c>. With a star it may be a function that is given a row.</summary>
    private bool IsOperator(int index, int first)
    {
        var closing = _tokens.Closing(index + 1);
        var isOperator = KindAt(closing - 1) == SqlTokenKind.Operator
            || (KindAt(closing - 1) == SqlTokenKind.Star && FollowsOperand(index, first));
        if (isOperator)
            _operatorEnd = closing;
        return isOperator;
    }

    /// <summary>Whether an operand ends before the word, so that no other one can begin with it.</summary>
    private bool FollowsOperand(int index, int first)
    {
        var before = index - 1;
        if (before < first)
            return false;
        return _tokens[before].Kind switch
        {
            SqlTokenKind.Identifier => IsLabel(before) || SqlKeywords.EndsOperand(_tokens[before].Keyword),
            SqlTokenKind.CloseParen => before != _operatorEnd,
            SqlTokenKind.CloseBracket or SqlTokenKind.PositionalParameter or SqlTokenKind.NamedParameter => true,
            var kind => SqlIdentifier.IsIdentifier(kind) || kind is >= SqlTokenKind.String and <= SqlTokenKind.Numeric,
        };
    }
}
