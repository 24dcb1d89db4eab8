namespace CompileTimeRouting.Sql;

/// <content>SQL/JSON, of versions 16 and 17. Before, its names are functions like all others.</content>
internal sealed partial class SqlGrammar
{
    private static bool IsJsonAggregate(SqlKeyword word) => word is SqlKeyword.JsonObjectagg or SqlKeyword.JsonArrayagg;

    private bool InsideJson(SqlKeyword word) => word switch
    {
        SqlKeyword.Json => JsonValue() && UniqueKeys(),
        SqlKeyword.JsonScalar => Expression(),
        SqlKeyword.JsonSerialize => JsonValue() && Returning(),
        SqlKeyword.JsonObject => InsideJsonObject(),
        SqlKeyword.JsonObjectagg => JsonPair() && JsonNulls() && UniqueKeys() && Returning(),
        SqlKeyword.JsonArray => InsideJsonArray(),
        SqlKeyword.JsonArrayagg => JsonValue() && (!Word(SqlKeyword.Order) || Order()) && JsonNulls() && Returning(),
        // A path, and what to do where it leads to nothing.
        SqlKeyword.JsonExists or SqlKeyword.JsonQuery or SqlKeyword.JsonValue
            => JsonValue() && Accept(SqlTokenKind.Comma) && Expression() && JsonPassing() && Returning() && JsonWrapper() && JsonQuotes() && JsonBehaviors(),
        _ => false,
    };

    private bool InsideJsonObject()
    {
        if (Kind() == SqlTokenKind.CloseParen || Word(SqlKeyword.Returning))
            return Returning();
        var first = true;
        do
        {
            // json_object('{…}'), of all versions: a function that is given its keys and values.
            if (!Argument())
                return false;
            if (first && Kind() is SqlTokenKind.Comma or SqlTokenKind.CloseParen)
                return FurtherArguments();
            if (!JsonPairBehindKey())
                return false;
            first = false;
        }
        while (Accept(SqlTokenKind.Comma));
        return JsonNulls() && UniqueKeys() && Returning();
    }

    private bool JsonPair() => Expression() && JsonPairBehindKey();

    /// <summary><c>VALUE x</c>, <c>: x</c></summary>
    private bool JsonPairBehindKey()
    {
        if (Accept("value") || Accept(SqlTokenKind.Colon))
            return JsonValue();
        return Kind() == SqlTokenKind.NamedParameter && ColonOperand() && JsonFormat();
    }

    private bool InsideJsonArray()
    {
        if (Kind() == SqlTokenKind.CloseParen || Word(SqlKeyword.Returning))
            return Returning();
        if (BeginsQuery(_position))
            return Query() && JsonFormat() && Returning();
        var first = _position;
        do
        {
            if (!JsonValue())
                return false;
            // (select …) union (select …)
            if (_position == _tokens.Closing(first) + 1 && EndsItem(0) && Kind() is not (SqlTokenKind.Comma or SqlTokenKind.CloseParen))
                return QueryBehindTerm() && JsonFormat() && Returning();
        }
        while (Accept(SqlTokenKind.Comma));
        return JsonNulls() && Returning();
    }

    /// <summary><c>json_value_expr</c></summary>
    private bool JsonValue() => Expression() && JsonFormat();

    private bool JsonFormat() => !Accept("format") || (Accept(SqlKeyword.Json) && (!Accept("encoding") || Name()));

    /// <summary><c>{NULL | ABSENT} ON NULL</c></summary>
    private bool JsonNulls() => !(Accept(SqlKeyword.Null) || Accept("absent")) || (Accept(SqlKeyword.On) && Accept(SqlKeyword.Null));

    /// <summary><c>{WITH | WITHOUT} UNIQUE [KEYS]</c></summary>
    private bool UniqueKeys()
    {
        if (!Word(SqlKeyword.Unique, 1) || Keyword() is not (SqlKeyword.With or SqlKeyword.Without))
            return true;
        _position += 2;
        Accept(SqlKeyword.Keys);
        return true;
    }

    private bool Returning() => !Accept(SqlKeyword.Returning) || (Type() && JsonFormat());

    private bool JsonPassing()
    {
        if (!Accept(SqlKeyword.Passing))
            return true;
        do
        {
            if (!JsonValue() || !Accept(SqlKeyword.As) || !Label())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return true;
    }

    private bool JsonWrapper()
    {
        if (Accept(SqlKeyword.Without))
        {
            Accept(SqlKeyword.Array);
            return Accept("wrapper");
        }

        if (!Accept(SqlKeyword.With))
            return true;
        if (!Accept("conditional"))
            Accept("unconditional");
        Accept(SqlKeyword.Array);
        return Accept("wrapper");
    }

    private bool JsonQuotes()
    {
        if (!Accept("keep") && !Accept("omit"))
            return true;
        return Accept("quotes") && (!Accept(SqlKeyword.On) || (Accept("scalar") && Accept("string")));
    }

    /// <summary>What comes ON EMPTY, and then ON ERROR.</summary>
    private bool JsonBehaviors()
    {
        for (var count = 0; count < 2 && !(Kind() is SqlTokenKind.CloseParen or SqlTokenKind.Comma); count++)
        {
            if (Accept("empty"))
            {
                if (!Accept(SqlKeyword.Array))
                    Accept("object");
            }
            else if (Accept(SqlKeyword.Default) ? !Expression()
                : !Accept("error") && !Accept(SqlKeyword.Null) && !Accept(SqlKeyword.True) && !Accept(SqlKeyword.False) && !Accept("unknown"))
                return false;

            if (!Accept(SqlKeyword.On) || (!Accept("empty") && !Accept("error")))
                return false;
        }

        return true;
    }

    private bool JsonTable()
    {
        _position++;
        return Enter() && JsonValue() && Accept(SqlTokenKind.Comma) && Literal() && (!Accept(SqlKeyword.As) || Name()) && JsonPassing()
            && Accept(SqlKeyword.Columns) && JsonColumns() && JsonBehaviors() && Leave();
    }

    private bool JsonColumns()
    {
        if (!Enter())
            return false;
        do
        {
            if (!JsonColumn())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return Leave();
    }

    private bool JsonColumn()
    {
        if (Word("nested") && (Word(SqlKeyword.Path, 1) || Kind(1) is SqlTokenKind.String))
        {
            _position++;
            Accept(SqlKeyword.Path);
            return Literal() && (!Accept(SqlKeyword.As) || Name()) && Accept(SqlKeyword.Columns) && JsonColumns();
        }

        if (!Name())
            return false;
        if (Accept(SqlKeyword.For))
            return Accept(SqlKeyword.Ordinality);
        if (!Type() || !JsonFormat())
            return false;
        Accept(SqlKeyword.Exists);
        return (!Accept(SqlKeyword.Path) || Literal()) && JsonWrapper() && JsonQuotes() && JsonBehaviors();
    }
}
