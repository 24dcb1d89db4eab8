namespace CompileTimeRouting.Sql;

/// <content><c>Typename</c>, and literals with a type before them.</content>
internal sealed partial class SqlGrammar
{
    /// <summary>A type.</summary>
    /// <param name="isConstant">Whether a literal follows: then it is no array, and INTERVAL is read elsewhere.</param>
    private bool Type(bool isConstant = false)
    {
        if (!isConstant)
            Accept(SqlKeyword.Setof);
        if (!SimpleType())
            return false;
        if (isConstant)
            return true;
        if (Accept(SqlKeyword.Array))
            return Kind() != SqlTokenKind.OpenBracket || Bounds(isLengthNeeded: true);
        while (Kind() == SqlTokenKind.OpenBracket)
        {
            if (!Bounds(isLengthNeeded: false))
                return false;
        }

        return true;
    }

    private bool Bounds(bool isLengthNeeded)
    {
        _position++;
        return (Accept(SqlTokenKind.Integer) || !isLengthNeeded) && Accept(SqlTokenKind.CloseBracket);
    }

    /// <summary><c>SimpleTypename</c></summary>
    private bool SimpleType()
    {
        switch (Keyword())
        {
            case SqlKeyword.Int or SqlKeyword.Integer or SqlKeyword.Smallint or SqlKeyword.Bigint or SqlKeyword.Real or SqlKeyword.Boolean or SqlKeyword.Json:
                _position++;
                return true;
            case SqlKeyword.Decimal or SqlKeyword.Dec or SqlKeyword.Numeric:
                _position++;
                return Modifiers();
            case SqlKeyword.Float or SqlKeyword.Varchar:
                _position++;
                return Length();
            case SqlKeyword.Bit:
                _position++;
                Accept(SqlKeyword.Varying);
                return Modifiers();
            case SqlKeyword.Character or SqlKeyword.Char or SqlKeyword.Nchar:
                _position++;
                Accept(SqlKeyword.Varying);
                return Length();
            case SqlKeyword.National:
                _position++;
                if (!Accept(SqlKeyword.Character) && !Accept(SqlKeyword.Char))
                    return false;
                Accept(SqlKeyword.Varying);
                return Length();
            case SqlKeyword.Time or SqlKeyword.Timestamp:
                _position++;
                return Length() && TimeZone();
            case SqlKeyword.Interval:
                _position++;
                return Kind() == SqlTokenKind.OpenParen ? Length() : IntervalFields();
        }

        if (Word(SqlKeyword.Precision, 1) && Word("double"))
        {
            _position += 2;
            return true;
        }

        if (!IsTypeOrFunctionName() || !Label())
            return false;
        while (Accept(SqlTokenKind.Dot))
        {
            if (!Label())
                return false;
        }

        return Modifiers();
    }

    /// <summary><c>opt_type_modifiers</c></summary>
    private bool Modifiers() => Kind() != SqlTokenKind.OpenParen || (Enter() && Expressions() && Leave());

    /// <summary><c>(3)</c>: no varchar(max), as another server has it.</summary>
    private bool Length() => Kind() != SqlTokenKind.OpenParen || (Enter() && Accept(SqlTokenKind.Integer) && Leave());

    private bool TimeZone()
    {
        if (Keyword() is not (SqlKeyword.With or SqlKeyword.Without) || !Word(SqlKeyword.Time, 1))
            return true;
        _position += 2;
        return Accept(SqlKeyword.Zone);
    }

    /// <summary><c>opt_interval</c></summary>
    private bool IntervalFields()
    {
        var first = Keyword();
        if (first == SqlKeyword.Second)
            return Seconds();
        if (first is not (SqlKeyword.Year or SqlKeyword.Month or SqlKeyword.Day or SqlKeyword.Hour or SqlKeyword.Minute))
            return true;
        _position++;
        if (!Accept(SqlKeyword.To))
            return true;
        var last = Keyword();
        var isRange = first switch
        {
            SqlKeyword.Year => last == SqlKeyword.Month,
            SqlKeyword.Day => last is SqlKeyword.Hour or SqlKeyword.Minute or SqlKeyword.Second,
            SqlKeyword.Hour => last is SqlKeyword.Minute or SqlKeyword.Second,
            SqlKeyword.Minute => last == SqlKeyword.Second,
            _ => false,
        };
        if (!isRange)
            return false;
        if (last == SqlKeyword.Second)
            return Seconds();
        _position++;
        return true;
    }

    private bool Seconds()
    {
        _position++;
        return Length();
    }

    /// <summary><c>INTERVAL '1' DAY</c>, <c>INTERVAL (3) '1'</c></summary>
    private bool IntervalLiteral()
    {
        _position++;
        return Kind() == SqlTokenKind.OpenParen ? Length() && Literal() : Literal() && IntervalFields();
    }

    /// <summary>Whether a type of the grammar's own begins here and a literal follows it; else the word is a column.</summary>
    private bool IsTypedLiteral(SqlKeyword word)
    {
        switch (word)
        {
            case SqlKeyword.Bit or SqlKeyword.Character or SqlKeyword.Char or SqlKeyword.Nchar when Word(SqlKeyword.Varying, 1):
            case SqlKeyword.National when Keyword(1) is SqlKeyword.Character or SqlKeyword.Char:
            case SqlKeyword.Time or SqlKeyword.Timestamp when Keyword(1) is SqlKeyword.With or SqlKeyword.Without && Word(SqlKeyword.Time, 2):
                return true;
            case SqlKeyword.Float or SqlKeyword.Decimal or SqlKeyword.Dec or SqlKeyword.Numeric or SqlKeyword.Varchar or SqlKeyword.Bit or SqlKeyword.Character
                or SqlKeyword.Char or SqlKeyword.Nchar or SqlKeyword.Time or SqlKeyword.Timestamp or SqlKeyword.Interval when Kind(1) == SqlTokenKind.OpenParen:
                return true;
            case SqlKeyword.Float or SqlKeyword.Decimal or SqlKeyword.Dec or SqlKeyword.Numeric or SqlKeyword.Varchar or SqlKeyword.Bit or SqlKeyword.Character
                or SqlKeyword.Char or SqlKeyword.Nchar or SqlKeyword.Time or SqlKeyword.Timestamp or SqlKeyword.Interval or SqlKeyword.Int or SqlKeyword.Integer
                or SqlKeyword.Smallint or SqlKeyword.Bigint or SqlKeyword.Real or SqlKeyword.Boolean or SqlKeyword.Json:
                return IsLiteral(1);
            default:
                return false;
        }
    }
}
