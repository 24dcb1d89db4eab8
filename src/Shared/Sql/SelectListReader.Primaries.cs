namespace CompileTimeRouting.Sql;

/// <content>Operands: <c>c_expr</c> and the functions with a grammar of their own.</content>
internal sealed partial class SelectListReader
{
    private bool Primary(out ExpressionName name)
    {
        name = default;
        switch (Kind())
        {
            case SqlTokenKind.Integer or SqlTokenKind.Numeric or SqlTokenKind.BitString or SqlTokenKind.HexString:
                _position++;
                return true;
            case SqlTokenKind.NationalString:
                _position++;
                name = ExpressionName.Weak("bpchar");
                return true;
            case SqlTokenKind.PositionalParameter or SqlTokenKind.NamedParameter:
                _position++;
                return Indirection(ref name);
            case SqlTokenKind.OpenParen:
                return Parenthesis(out name) && Indirection(ref name);
            case SqlTokenKind.Identifier:
                return SpecialForm(out var read, out name) ? read : Reference(out name);
            case SqlTokenKind.QuotedIdentifier or SqlTokenKind.UnicodeIdentifier:
                return Reference(out name);
            default:
                return AcceptString();
        }
    }

    /// <summary><c>Sconst</c>, with the UESCAPE clause that may follow.</summary>
    private bool AcceptString()
    {
        switch (Kind())
        {
            case SqlTokenKind.String or SqlTokenKind.EscapeString or SqlTokenKind.DollarString:
                _position++;
                return true;
            case SqlTokenKind.UnicodeString:
                _position++;
                if (Word("uescape") && Kind(1) == SqlTokenKind.String)
                    _position += 2;
                return true;
            default:
                return false;
        }
    }

    /// <summary>A query, an expression or an implicit row in parentheses.</summary>
    private bool Parenthesis(out ExpressionName name)
    {
        name = default;
        var closing = _tokens.Closing(_position);
        if (closing < 0)
            return false;

        _position++;
        if (Word("select") || Word("with") || Word("table") || (Word("values") && Kind(1) == SqlTokenKind.OpenParen))
        {
            var items = new List<ResultColumn>(1);
            if (!QueryStart() || !QueryItems(items, firstOnly: true) || items.Count == 0)
                return false;
            name = ExpressionName.Subquery(items[0].Name);
        }
        else if (!Expression(0, out name))
            return false;
        else if (Kind() == SqlTokenKind.Comma)
            name = ExpressionName.Strong("row");
        else if (_position != closing && !name.IsSubquery)
            // What may stand between a query in parentheses and the closing one: UNION, ORDER BY…
            return false;

        _position = closing + 1;
        return true;
    }

    /// <summary><c>opt_indirection</c>: subscripts give no name, a field gives its own.</summary>
    private bool Indirection(ref ExpressionName name)
    {
        while (true)
        {
            if (Kind() == SqlTokenKind.OpenBracket)
            {
                if (!SkipGroup())
                    return false;
                continue;
            }

            if (Kind() != SqlTokenKind.Dot)
                return true;
            _position++;
            if (Kind() == SqlTokenKind.Star)
            {
                _position++;
                name = ExpressionName.Star;
                return true;
            }

            if (!SqlIdentifier.IsIdentifier(Kind()))
                return false;
            name = ExpressionName.Strong(Label());
        }
    }

    /// <summary>A column, a function call, or a literal behind its type's name.</summary>
    private bool Reference(out ExpressionName name)
    {
        name = default;
        var bare = Kind() == SqlTokenKind.Identifier;
        var word = Label();
        if (bare && SqlKeywords.IsReserved(word))
            return false;

        name = ExpressionName.Strong(word);
        var isName = Kind() == SqlTokenKind.Dot;
        if (!Indirection(ref name) || name.IsStar)
            return name.IsStar;

        if (Kind() == SqlTokenKind.OpenParen)
        {
            if (!SkipGroup())
                return false;
            if (!StartsString())
                return CallSuffix();
        }

        if (StartsString())
        {
            name = ExpressionName.Weak(name.Name!);
            return AcceptString();
        }

        return !bare || isName || !SqlKeywords.IsTypeOrFunction(word) || _tokens[_position - 1].Kind == SqlTokenKind.CloseParen;
    }

    private bool StartsString()
        => Kind() is SqlTokenKind.String or SqlTokenKind.EscapeString or SqlTokenKind.DollarString or SqlTokenKind.UnicodeString;

    /// <summary><c>WITHIN GROUP (…)</c>, <c>FILTER (…)</c>, <c>OVER window</c>: none of them can be a bare label.</summary>
    private bool CallSuffix()
    {
        if (Word("within") && Word("group", 1))
        {
            _position += 2;
            if (!SkipGroup())
                return false;
        }

        if (Accept("filter") && !SkipGroup())
            return false;
        return !Accept("over") || SkipGroup() || AcceptName();
    }

    /// <summary>The keywords that start an expression which is no plain name. False when this isn't one of them.</summary>
    private bool SpecialForm(out bool read, out ExpressionName name)
    {
        name = default;
        read = true;
        var word = Name();
        switch (word)
        {
            case "null" or "default" or "true" or "false":
                _position++;
                return true;
            case "current_date" or "current_time" or "current_timestamp" or "localtime" or "localtimestamp" or "current_role"
                or "current_user" or "session_user" or "system_user" or "user" or "current_catalog" or "current_schema":
                _position++;
                name = ExpressionName.Strong(word);
                read = Kind() != SqlTokenKind.OpenParen || SkipGroup();
                return true;
            case "case":
                read = Case(out name);
                return true;
            case "array" when Kind(1) is SqlTokenKind.OpenBracket or SqlTokenKind.OpenParen:
            case "exists" or "row" when Kind(1) == SqlTokenKind.OpenParen:
                _position++;
                name = ExpressionName.Strong(word);
                read = SkipGroup();
                return true;
            case "any" or "some" or "all" when Kind(1) == SqlTokenKind.OpenParen:
                _position++;
                read = SkipGroup();
                return true;
            case "cast" or "treat" when Kind(1) == SqlTokenKind.OpenParen:
                read = Cast(out name);
                return true;
            case "trim" when Kind(1) == SqlTokenKind.OpenParen:
                name = ExpressionName.Strong(Word("leading", 2) ? "ltrim" : Word("trailing", 2) ? "rtrim" : "btrim");
                _position++;
                read = SkipGroup();
                return true;
            case "collation" when Word("for", 1):
                _position += 2;
                name = ExpressionName.Strong("pg_collation_for");
                read = SkipGroup();
                return true;
            case "interval":
                return IntervalLiteral(out name);
            default:
                return TypedLiteral(out name);
        }
    }

    /// <summary>The reserved words that <see cref="SpecialForm"/> or a prefix operator starts with.</summary>
    private static bool IsReservedOperand(string word) => word is "not" or "null" or "default" or "true" or "false" or "current_date"
        or "current_time" or "current_timestamp" or "localtime" or "localtimestamp" or "current_role" or "current_user"
        or "session_user" or "system_user" or "user" or "current_catalog" or "case" or "array" or "any" or "some" or "all" or "cast";

    /// <summary>A CASE is called as its ELSE if that has a strong name.</summary>
    private bool Case(out ExpressionName name)
    {
        name = default;
        _position++;
        if (!Word("when") && !Expression(0, out _))
            return false;
        while (Accept("when"))
        {
            if (!Expression(0, out _) || !Accept("then") || !Expression(0, out _))
                return false;
        }

        if (Accept("else") && !Expression(0, out name))
            return false;
        name = name.Or("case");
        return Accept("end");
    }

    /// <summary><c>CAST(x AS type)</c> is <c>x::type</c>; <c>TREAT(x AS type)</c> calls the type's function.</summary>
    private bool Cast(out ExpressionName name)
    {
        var treat = Word("treat");
        var closing = _tokens.Closing(_position + 1);
        _position += 2;
        if (!Expression(0, out name) || !Accept("as") || !TypeName(out var type) || _position != closing)
            return false;
        name = treat ? ExpressionName.Strong(type) : name.Or(type);
        _position++;
        return true;
    }
}
