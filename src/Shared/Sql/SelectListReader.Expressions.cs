namespace CompileTimeRouting.Sql;

/// <content>Operators: which one is applied last decides whether the expression has a name.</content>
internal sealed partial class SelectListReader
{
    /// <summary>Nesting that no sane text reaches; past it the stack of the compiler that hosts this would be at risk.</summary>
    private const int MaxDepth = 200;

    private int _depth;

    /// <summary><c>a_expr</c>, as long as its operators bind at least as tightly as <paramref name="minimum"/>.</summary>
    private bool Expression(int minimum, out ExpressionName name)
    {
        name = default;
        if (_depth >= MaxDepth)
            return false;
        _depth++;
        var read = Operand(out name) && Operators(minimum, ref name);
        _depth--;
        return read;
    }

    /// <summary>A primary, or a prefix operator with its operand.</summary>
    private bool Operand(out ExpressionName name)
    {
        name = default;
        if (Accept("not"))
            return Expression(Precedence.Not, out _);
        if (Kind() == SqlTokenKind.Operator)
        {
            var sign = IsSign();
            _position++;
            return Expression(sign ? Precedence.Unary : Precedence.Operator, out _);
        }

        if (Word("operator") && Kind(1) == SqlTokenKind.OpenParen)
        {
            _position++;
            return SkipGroup() && Expression(Precedence.Operator, out _);
        }

        return Primary(out name);
    }

    private bool IsSign()
        => _tokens[_position].Length == 1 && _tokens.Sql[_tokens[_position].Start] is '+' or '-';

    private bool Operators(int minimum, ref ExpressionName name)
    {
        while (true)
        {
            var start = _position;
            switch (Kind())
            {
                case SqlTokenKind.TypeCast:
                    _position++;
                    if (!TypeName(out var type))
                        return false;
                    name = name.Or(type);
                    break;
                case SqlTokenKind.Star or SqlTokenKind.Operator:
                    if (!Binary(SymbolPrecedence(), 1, minimum, ref name))
                        return false;
                    break;
                case SqlTokenKind.Identifier:
                    if (!WordOperator(minimum, ref name))
                        return false;
                    break;
            }

            if (_position == start)
                return true;
        }
    }

    private int SymbolPrecedence()
    {
        var token = _tokens[_position];
        return token.Text(_tokens.Sql) switch
        {
            "^" => Precedence.Power,
            "*" or "/" or "%" => Precedence.Multiplication,
            "+" or "-" => Precedence.Addition,
            "<" or ">" or "=" or "<=" or ">=" or "<>" or "!=" => Precedence.Comparison,
            _ => Precedence.Operator,
        };
    }

    /// <summary>An operator of some tokens and its right operand; stays put when it binds too loosely.</summary>
    private bool Binary(int precedence, int length, int minimum, ref ExpressionName name)
    {
        if (precedence < minimum)
            return true;
        _position += length;
        name = default;
        return Expression(precedence + 1, out _);
    }

    /// <summary>
    /// Operators that are words. Most of them may as well be a bare label (<c>select 1 and, 2</c>), so they count only
    /// when what must follow does.
    /// </summary>
    private bool WordOperator(int minimum, ref ExpressionName name)
    {
        switch (Name())
        {
            case "or" when StartsOperand(1):
                return Binary(Precedence.Or, 1, minimum, ref name);
            case "and" when StartsOperand(1):
                return Binary(Precedence.And, 1, minimum, ref name);
            case "operator" when Kind(1) == SqlTokenKind.OpenParen:
                if (Precedence.Operator < minimum)
                    return true;
                _position++;
                name = default;
                return SkipGroup() && Expression(Precedence.Operator + 1, out _);
            case "is" when minimum <= Precedence.Is:
                return Is(ref name);
            case "isnull" or "notnull" when minimum <= Precedence.Is:
                _position++;
                name = default;
                return true;
            case "not" when minimum <= Precedence.Like && IsPattern(1):
                _position++;
                return Pattern(ref name);
            case "in" or "like" or "ilike" or "similar" or "between" when minimum <= Precedence.Like && IsPattern(0):
                return Pattern(ref name);
            case "overlaps" when minimum <= Precedence.Operator && StartsOperand(1):
                _position++;
                name = ExpressionName.Strong("overlaps");
                return Expression(Precedence.Operator + 1, out _);
            case "at" when minimum <= Precedence.At && Word("time", 1) && Word("zone", 2):
                _position += 3;
                name = ExpressionName.Strong("timezone");
                return Expression(Precedence.At + 1, out _);
            case "at" when minimum <= Precedence.At && Word("local", 1):
                _position += 2;
                name = ExpressionName.Strong("timezone");
                return true;
            case "collate" when minimum <= Precedence.Collate && SqlIdentifier.IsIdentifier(Kind(1)):
                _position++;
                return NameChain();
            default:
                return true;
        }
    }

    private bool IsPattern(int offset)
    {
        if (Word("in", offset))
            return Kind(offset + 1) == SqlTokenKind.OpenParen;
        if (Word("similar", offset))
            return Word("to", offset + 1);
        if (Word("between", offset) && (Word("symmetric", offset + 1) || Word("asymmetric", offset + 1)))
            return true;
        return (Word("like", offset) || Word("ilike", offset) || Word("between", offset)) && StartsOperand(offset + 1);
    }

    /// <summary>IN, LIKE, SIMILAR TO, BETWEEN, behind their NOT.</summary>
    private bool Pattern(ref ExpressionName name)
    {
        name = default;
        if (Accept("in"))
            return SkipGroup();
        if (Accept("between"))
        {
            if (!Accept("symmetric"))
                Accept("asymmetric");
            return Expression(Precedence.Operator, out _) && Accept("and") && Expression(Precedence.Like + 1, out _);
        }

        _position += Word("similar") ? 2 : 1;
        return Expression(Precedence.Like + 1, out _) && (!Accept("escape") || Expression(Precedence.Like + 1, out _));
    }

    /// <summary>The tests behind IS. Only IS NORMALIZED is a function and so has a name.</summary>
    private bool Is(ref ExpressionName name)
    {
        var offset = Word("not", 1) ? 2 : 1;
        if (_position + offset >= _tokens.Count || Kind(offset) != SqlTokenKind.Identifier)
            return true;

        switch (Name(offset))
        {
            case "null" or "true" or "false" or "unknown" or "document":
                _position += offset + 1;
                name = default;
                return true;
            case "distinct" when Word("from", offset + 1):
                _position += offset + 2;
                name = default;
                return Expression(Precedence.Is + 1, out _);
            case "normalized":
                return Normalized(offset + 1, offset == 2, ref name);
            case "nfc" or "nfd" or "nfkc" or "nfkd" when Word("normalized", offset + 1):
                return Normalized(offset + 2, offset == 2, ref name);
            case "json":
                _position += offset + 1;
                name = default;
                IsJson();
                return true;
            default:
                return true;
        }
    }

    private bool Normalized(int length, bool negated, ref ExpressionName name)
    {
        _position += length;
        name = negated ? default : ExpressionName.Strong("is_normalized");
        return true;
    }

    /// <summary><c>IS JSON [VALUE | ARRAY | OBJECT | SCALAR] [{WITH | WITHOUT} UNIQUE [KEYS]]</c></summary>
    private void IsJson()
    {
        if (!Accept("value") && !Accept("array") && !Accept("object"))
            Accept("scalar");
        if ((Word("with") || Word("without")) && Word("unique", 1))
        {
            _position += 2;
            Accept("keys");
        }
    }

    /// <summary>Whether an operand may start at an offset from here.</summary>
    private bool StartsOperand(int offset)
    {
        switch (Kind(offset))
        {
            case SqlTokenKind.Identifier:
                var word = Name(offset);
                return !SqlKeywords.IsReserved(word) || IsReservedOperand(word);
            case EndOfText or SqlTokenKind.Comma or SqlTokenKind.CloseParen or SqlTokenKind.CloseBracket or SqlTokenKind.TypeCast:
            case SqlTokenKind.Star or SqlTokenKind.Dot or SqlTokenKind.Colon or SqlTokenKind.Semicolon:
                return false;
            default:
                return true;
        }
    }

    /// <summary>The precedences at the head of gram.y, from the loosest on.</summary>
    private static class Precedence
    {
        public const int Or = 1;
        public const int And = 2;
        public const int Not = 3;
        public const int Is = 4;
        public const int Comparison = 5;
        public const int Like = 6;
        public const int Operator = 8;
        public const int Addition = 9;
        public const int Multiplication = 10;
        public const int Power = 11;
        public const int At = 12;
        public const int Collate = 13;
        public const int Unary = 14;
    }
}
