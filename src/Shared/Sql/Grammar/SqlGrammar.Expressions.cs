namespace CompileTimeRouting.Sql;

/// <content>
/// Expressions: operands with what joins them. Precedence decides no more than which operators can't stand beside their own
/// kind (<c>a = b = c</c>), so that operands are taken one after the other, without a level of calls for each precedence.
/// </content>
internal sealed partial class SqlGrammar
{
    /// <summary>Which expression.</summary>
    private enum Form : byte
    {
        /// <summary><c>a_expr</c></summary>
        Any,

        /// <summary><c>a_expr</c> in a select list: a word that joins may name the column instead.</summary>
        Item,

        /// <summary><c>b_expr</c>: without AND, OR, NOT, IN, LIKE, BETWEEN, IS NULL, COLLATE, AT and subqueries behind ANY.</summary>
        Restricted,
    }

    /// <summary>What stands behind an operand.</summary>
    private enum Next : byte
    {
        /// <summary>Nothing that joins: the expression ends.</summary>
        End,

        /// <summary>What joins a further operand.</summary>
        Operand,

        /// <summary>What joins a further operand, or ANY or ALL of many.</summary>
        Comparand,

        /// <summary>What needs no further operand.</summary>
        Whole,

        /// <summary>What can't stand there.</summary>
        Misplaced,
    }

    /// <summary><c>expr_list</c></summary>
    private bool Expressions()
    {
        do
        {
            if (!Expression())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    private bool Expression(Form form = Form.Any)
    {
        var beside = default(Beside);
        return Prefixes(form, ref beside) && Operand() && ExpressionBehindOperand(form);
    }

    private bool ExpressionBehindOperand(Form form)
    {
        var beside = default(Beside);
        while (true)
        {
            switch (Behind(form, ref beside))
            {
                case Next.End:
                    return true;
                case Next.Misplaced:
                    return false;
                case Next.Comparand when Keyword() is SqlKeyword.Any or SqlKeyword.Some or SqlKeyword.All:
                    if (!Quantified(form))
                        return false;
                    beside.End();
                    break;
                case Next.Operand or Next.Comparand:
                    if (!Prefixes(form, ref beside) || !Operand())
                        return false;
                    break;
            }
        }
    }

    /// <summary>NOT, signs and other operators before an operand.</summary>
    private bool Prefixes(Form form, ref Beside beside)
    {
        while (true)
        {
            if (Kind() == SqlTokenKind.Operator)
            {
                if (IsComparison(_position) || SqlOperator(_position) is '/' or '%' or '^')
                    return false;
                _position++;
            }
            else if (Word(SqlKeyword.Not) && form != Form.Restricted)
            {
                _position++;
                beside = new Beside { MayEscape = beside.MayEscape };
            }
            else if (Word(SqlKeyword.Operator) && Kind(1) == SqlTokenKind.OpenParen)
            {
                if (!AnyOperator())
                    return false;
            }
            else
                return true;
        }
    }

    private Next Behind(Form form, ref Beside beside)
    {
        switch (Kind())
        {
            case SqlTokenKind.TypeCast:
                _position++;
                return Type() ? Next.Whole : Next.Misplaced;
            case SqlTokenKind.Operator:
                if (IsComparison(_position) && !IsCut(_position) && !beside.Compare())
                    return Next.Misplaced;
                _position++;
                return Next.Comparand;
            case SqlTokenKind.Star:
                _position++;
                return Next.Comparand;
            case SqlTokenKind.NamedParameter when IsMarked('@'):
                // An operator and its operand: a @b.
                return Parameter() ? Next.Whole : Next.Misplaced;
            case SqlTokenKind.Identifier when form == Form.Item && IsBareLabel() && EndsItem(1):
                return Next.End;
            case SqlTokenKind.Identifier when Keyword() == SqlKeyword.Other:
                return form == Form.Restricted ? Next.End : AtZone();
            case SqlTokenKind.Identifier:
                return BehindWord(form, ref beside);
            default:
                return Next.End;
        }
    }

    private Next BehindWord(Form form, ref Beside beside)
    {
        switch (Keyword())
        {
            case SqlKeyword.Operator when Kind(1) == SqlTokenKind.OpenParen:
                return AnyOperator() ? Next.Comparand : Next.Misplaced;
            case SqlKeyword.Is:
                _position++;
                return beside.Test() ? Is(form, ref beside) : Next.Misplaced;
        }

        if (form == Form.Restricted)
            return Next.End;
        switch (Keyword())
        {
            case SqlKeyword.And or SqlKeyword.Or:
                _position++;
                beside = default;
                return Next.Operand;
            case SqlKeyword.Isnull or SqlKeyword.Notnull:
                _position++;
                return beside.Test() ? Next.Whole : Next.Misplaced;
            case SqlKeyword.Escape when beside.MayEscape:
                _position++;
                beside.MayEscape = false;
                return Next.Operand;
            case SqlKeyword.Collate:
                _position++;
                return QualifiedName() ? Next.Whole : Next.Misplaced;
            case SqlKeyword.Overlaps when _rowEnd == _position:
                _position++;
                return Whole(Operand() && _rowEnd == _position);
            // SUBSTRING(a SIMILAR b ESCAPE c)
            case SqlKeyword.Similar when !Word(SqlKeyword.To, 1):
                return Next.End;
            case SqlKeyword.Not or SqlKeyword.Between or SqlKeyword.In or SqlKeyword.Like or SqlKeyword.Ilike or SqlKeyword.Similar:
                return beside.Matches ? Next.Misplaced : Match(ref beside);
            default:
                return Next.End;
        }
    }

    /// <summary><c>AT TIME ZONE zone</c>, <c>AT LOCAL</c></summary>
    private Next AtZone()
    {
        if (!Word("at"))
            return Next.End;
        if (Word(SqlKeyword.Time, 1) && Word(SqlKeyword.Zone, 2))
        {
            _position += 3;
            return Next.Operand;
        }

        if (!Word(SqlKeyword.Local, 1))
            return Next.End;
        _position += 2;
        return Next.Whole;
    }

    /// <summary>Behind IS.</summary>
    private Next Is(Form form, ref Beside beside)
    {
        Accept(SqlKeyword.Not);
        if (Accept(SqlKeyword.Distinct))
        {
            beside.Distinguishes = true;
            return Accept(SqlKeyword.From) ? Next.Operand : Next.Misplaced;
        }

        if (Accept(SqlKeyword.Document))
            return Next.Whole;
        if (form == Form.Restricted)
            return Next.Misplaced;
        if (Accept(SqlKeyword.Null) || Accept(SqlKeyword.True) || Accept(SqlKeyword.False) || Accept("unknown") || Accept("normalized"))
            return Next.Whole;
        if (Accept("nfc") || Accept("nfd") || Accept("nfkc") || Accept("nfkd"))
            return Accept("normalized") ? Next.Whole : Next.Misplaced;
        if (!Accept(SqlKeyword.Json))
            return Next.Misplaced;
        if (!Accept("value") && !Accept(SqlKeyword.Array) && !Accept("object"))
            Accept("scalar");
        return UniqueKeys() ? Next.Whole : Next.Misplaced;
    }

    /// <summary>IN, LIKE, BETWEEN and their kin, with or without NOT.</summary>
    private Next Match(ref Beside beside)
    {
        Accept(SqlKeyword.Not);
        var word = Keyword();
        _position++;
        switch (word)
        {
            case SqlKeyword.In:
                // What takes a list of values from its client, as Dapper does, puts the brackets around it.
                return Kind() == SqlTokenKind.NamedParameter ? Whole(Parameter()) : Whole(Bracketed(out _));
            case SqlKeyword.Between:
                if (!Accept(SqlKeyword.Symmetric))
                    Accept(SqlKeyword.Asymmetric);
                beside.Matches = true;
                return Expression(Form.Restricted) && Accept(SqlKeyword.And) ? Next.Operand : Next.Misplaced;
            case SqlKeyword.Like or SqlKeyword.Ilike or SqlKeyword.Similar:
                beside.Matches = true;
                beside.MayEscape = true;
                if (word != SqlKeyword.Similar)
                    return Next.Comparand;
                return Accept(SqlKeyword.To) ? Next.Operand : Next.Misplaced;
            default:
                _position--;
                return Next.Misplaced;
        }
    }

    private static Next Whole(bool isTaken) => isTaken ? Next.Whole : Next.Misplaced;

    /// <summary><c>ANY (array)</c>, <c>ALL (select …)</c></summary>
    private bool Quantified(Form form)
    {
        if (form == Form.Restricted)
            return false;
        _position++;
        return Kind() == SqlTokenKind.NamedParameter ? Parameter() : Bracketed(out var what) && what != Bracket.Row;
    }

    /// <summary><c>qual_all_Op</c></summary>
    private bool AnyOperator()
    {
        if (Kind() == SqlTokenKind.Operator || Kind() == SqlTokenKind.Star)
        {
            _position++;
            return true;
        }

        if (!Accept(SqlKeyword.Operator) || !Enter())
            return false;
        while (Kind(1) == SqlTokenKind.Dot)
        {
            if (!Name())
                return false;
            _position++;
        }

        return (Accept(SqlTokenKind.Operator) || Accept(SqlTokenKind.Star)) && Leave();
    }

    /// <summary>The operator of one character at an index.</summary>
    private char SqlOperator(int index) => _tokens[index].Length == 1 ? _sql[_tokens[index].Start] : '\0';

    /// <summary>Whether the operator goes on in what looks like a parameter: <c>&lt;@b</c>.</summary>
    private bool IsCut(int index) => _tokens[index + 1].Kind == SqlTokenKind.NamedParameter && _tokens[index + 1].Start == _tokens[index].End;

    private bool IsComparison(int index)
    {
        var token = _tokens[index];
        return token.Length switch
        {
            1 => _sql[token.Start] is '=' or '<' or '>',
            2 => (_sql[token.Start], _sql[token.Start + 1]) is ('<' or '>' or '!', '=') or ('<', '>'),
            _ => false,
        };
    }

    /// <summary>Which operators, back to the last one of lower precedence, can't stand beside their own kind (<c>%nonassoc</c>).</summary>
    private struct Beside
    {
        /// <summary>IS DISTINCT FROM</summary>
        public bool Distinguishes { get; set; }

        /// <summary>LIKE or BETWEEN</summary>
        public bool Matches { get; set; }

        /// <summary>LIKE has no ESCAPE yet.</summary>
        public bool MayEscape { get; set; }

        private bool Compares { get; set; }

        public bool Compare()
        {
            var may = !Compares;
            Compares = true;
            Matches = MayEscape = false;
            return may;
        }

        /// <summary>IS, ISNULL, NOTNULL</summary>
        public bool Test()
        {
            End();
            return !Distinguishes;
        }

        /// <summary>What came is an operand as a whole.</summary>
        public void End() => Compares = Matches = MayEscape = false;
    }
}
