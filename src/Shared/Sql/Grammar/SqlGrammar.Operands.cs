namespace CompileTimeRouting.Sql;

/// <content><c>c_expr</c>: columns, constants, parameters, brackets and what begins with a word of the grammar's own.</content>
internal sealed partial class SqlGrammar
{
    /// <summary>Where the last row ended: OVERLAPS takes no other operands.</summary>
    private int _rowEnd;

    /// <summary>What a bracket holds.</summary>
    private enum Bracket : byte
    {
        /// <summary><c>(a)</c></summary>
        Expression,

        /// <summary><c>(a, b)</c></summary>
        Row,

        /// <summary><c>(select …)</c></summary>
        Query,
    }

    private bool Operand()
    {
        switch (Kind())
        {
            case SqlTokenKind.Integer or SqlTokenKind.Numeric or SqlTokenKind.BitString or SqlTokenKind.HexString or SqlTokenKind.NationalString:
                _position++;
                return true;
            case >= SqlTokenKind.String and <= SqlTokenKind.DollarString:
                return Literal();
            case SqlTokenKind.PositionalParameter:
                _position++;
                return Indirection();
            case SqlTokenKind.NamedParameter:
                return Parameter();
            case SqlTokenKind.OpenParen:
                return Bracketed(out var what) && (what == Bracket.Row ? EndsRow() : Indirection());
            case SqlTokenKind.Identifier when Keyword() != SqlKeyword.Other:
                return WordOperand();
            default:
                return IsName() && NamedOperand();
        }
    }

    /// <summary>
    /// A parameter that the client names, or the operator <c>@</c> with what looks like the name of one: <c>@f(1)</c>,
    /// <c>@float8 '1'</c>, <c>@t."X"</c>.
    /// </summary>
    private bool Parameter()
    {
        if (IsMarked('@'))
            return NameBehindMark();
        _position++;
        return Indirection();
    }

    /// <summary>The name in what looks like a parameter, with what follows it outside: a dot may be its last character.</summary>
    private bool NameBehindMark()
    {
        var endsInDot = _sql[_tokens[_position].End - 1] == '.';
        _position++;
        return endsInDot ? Accept(SqlTokenKind.Star) || (Label() && NameBehindLabel()) : NameBehindLabel();
    }

    private bool EndsRow()
    {
        _rowEnd = _position;
        return true;
    }

    private bool IsMarked(char mark) => _sql[_tokens[_position].Start] == mark;

    /// <summary>What stands in brackets: a query, a row, or an expression. Nothing that is read has to be read again.</summary>
    private bool Bracketed(out Bracket what)
    {
        what = Bracket.Query;
        if (!Enter())
            return false;
        if (BeginsQuery(_position))
            return Query() && Leave();
        what = Bracket.Expression;
        if (Kind() == SqlTokenKind.OpenParen && BeginsQuery(_tokens.FirstInside(_position - 1)))
        {
            if (!Bracketed(out var inner))
                return false;
            // ((select …)), ((select …) union …); not ((select …) + 1).
            if (inner == Bracket.Query && (EndsItem(0) && Kind() != SqlTokenKind.Comma))
            {
                what = Bracket.Query;
                return QueryBehindTerm() && Leave();
            }

            if (!(inner == Bracket.Row || Indirection()) || !ExpressionBehindOperand(Form.Any))
                return false;
        }
        else if (!Expression())
            return false;

        while (Accept(SqlTokenKind.Comma))
        {
            what = Bracket.Row;
            if (!Expression())
                return false;
        }

        return Leave();
    }

    /// <summary>A column, call or constant that begins with a name.</summary>
    private bool NamedOperand()
    {
        if (Word(SqlKeyword.Precision, 1) && Word("double"))
            return Type(isConstant: true) && Literal();
        return Label() && NameBehindLabel();
    }

    /// <summary>What follows the first part of a name: its further parts, arguments, a literal, attributes.</summary>
    private bool NameBehindLabel()
    {
        while (Kind() == SqlTokenKind.Dot)
        {
            _position++;
            if (Accept(SqlTokenKind.Star))
                return true;
            if (!Label())
                return false;
        }

        if (Kind() == SqlTokenKind.OpenParen)
            return Call();
        // point '1,2'
        return IsLiteral() ? Literal() : Indirection();
    }

    /// <summary><c>opt_indirection</c>: attributes, all of them, subscripts.</summary>
    private bool Indirection()
    {
        while (true)
        {
            if (Kind() == SqlTokenKind.OpenBracket)
            {
                if (!Subscript())
                    return false;
            }
            else if (!Accept(SqlTokenKind.Dot))
                return true;
            else if (Accept(SqlTokenKind.Star))
                return true;
            else if (!Label())
                return false;
        }
    }

    /// <summary><c>[1]</c>, <c>[1:2]</c>, <c>[:]</c></summary>
    private bool Subscript()
    {
        if (_depth >= _maxDepth)
            return false;
        _depth++;
        _position++;
        // [:n], or [:parameter]
        var begins = Kind() == SqlTokenKind.NamedParameter && IsMarked(':') ? ColonOperand() : Kind() == SqlTokenKind.Colon || Expression();
        if (!begins)
            return false;
        if (Accept(SqlTokenKind.Colon))
        {
            if (Kind() != SqlTokenKind.CloseBracket && !Expression())
                return false;
        }
        else if (!ColonOperand())
            return false;

        _depth--;
        return Accept(SqlTokenKind.CloseBracket);
    }

    /// <summary>A colon and the word behind it look like a parameter: <c>[1:n]</c>. True where there is none.</summary>
    private bool ColonOperand()
    {
        if (Kind() != SqlTokenKind.NamedParameter)
            return true;
        if (!IsMarked(':'))
            return false;
        var token = _tokens[_position];
        if (_sql.IndexOf('.', token.Start, token.Length) < 0)
        {
            // [1:case when …]: the word stands for itself from here.
            _tokens.Replace(_position, new SqlToken(SqlKeywords.Find(_sql, token.Start + 1, token.Length - 1), token.Start + 1, token.Length - 1));
            return Expression();
        }

        return NameBehindMark() && ExpressionBehindOperand(Form.Any);
    }

    /// <summary>An operand that begins with a word that has a meaning of its own, or could have one.</summary>
    private bool WordOperand()
    {
        var word = Keyword();
        if (IsValueFunction())
            return ValueFunction();
        switch (word)
        {
            case SqlKeyword.Null or SqlKeyword.True or SqlKeyword.False or SqlKeyword.Default:
                _position++;
                return true;
            case SqlKeyword.Case:
                return Case();
            case SqlKeyword.Array:
                _position++;
                return Kind() == SqlTokenKind.OpenBracket ? ArrayElements() : BracketedQuery();
            case SqlKeyword.Collation when Word(SqlKeyword.For, 1):
                _position += 2;
                return Enter() && Expression() && Leave();
            case SqlKeyword.Cast:
                return GrammarCall();
        }

        if (SqlKeywords.IsReserved(word))
            return false;
        if (Kind(1) == SqlTokenKind.OpenParen && IsGrammarCall(word))
            return GrammarCall() && (IsJsonAggregate(word) ? CallTail() : word != SqlKeyword.Row || EndsRow());
        if (IsTypedLiteral(word))
            return word == SqlKeyword.Interval ? IntervalLiteral() : Type(isConstant: true) && Literal();
        // Names of functions and types alone: left('a', 1), not left.
        if (SqlKeywords.IsTypeOrFunction(word) && Kind(1) != SqlTokenKind.OpenParen && !IsLiteral(1))
            return false;
        // Names of columns alone: exists, not exists(1) or exists '1'.
        return !(SqlKeywords.IsSyntax(word) && (Kind(1) == SqlTokenKind.OpenParen || IsLiteral(1))) && NamedOperand();
    }

    private bool Case()
    {
        if (_depth >= _maxDepth)
            return false;
        _depth++;
        _position++;
        if (!Word(SqlKeyword.When) && !Expression())
            return false;
        if (!Word(SqlKeyword.When))
            return false;
        while (Accept(SqlKeyword.When))
        {
            if (!Expression() || !Accept(SqlKeyword.Then) || !Expression())
                return false;
        }

        if (Accept(SqlKeyword.Else) && !Expression())
            return false;
        _depth--;
        return Accept(SqlKeyword.End);
    }

    /// <summary><c>array_expr</c></summary>
    private bool ArrayElements()
    {
        if (_depth >= _maxDepth)
            return false;
        _depth++;
        _position++;
        if (Kind() != SqlTokenKind.CloseBracket)
        {
            do
            {
                if (!(Kind() == SqlTokenKind.OpenBracket ? ArrayElements() : Expression()))
                    return false;
            }
            while (Accept(SqlTokenKind.Comma));
        }

        _depth--;
        return Accept(SqlTokenKind.CloseBracket);
    }
}
