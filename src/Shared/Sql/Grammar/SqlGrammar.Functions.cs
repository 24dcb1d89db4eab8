namespace CompileTimeRouting.Sql;

/// <content><c>func_expr_common_subexpr</c>: what looks like a call and has a grammar of its own.</content>
internal sealed partial class SqlGrammar
{
    /// <summary>A word that is called without brackets.</summary>
    private bool IsValueFunction() => SqlKeywords.IsValueFunction(Keyword())
        && (!Word(SqlKeyword.CurrentSchema) || (Kind(1) != SqlTokenKind.OpenParen && !IsLiteral(1)));

    private bool ValueFunction()
    {
        var hasPrecision = Keyword() is SqlKeyword.CurrentTime or SqlKeyword.CurrentTimestamp or SqlKeyword.Localtime or SqlKeyword.Localtimestamp;
        _position++;
        return !hasPrecision || Kind() != SqlTokenKind.OpenParen || (Enter() && Accept(SqlTokenKind.Integer) && Leave());
    }

    private static bool IsGrammarCall(SqlKeyword word) => word is SqlKeyword.Cast or SqlKeyword.Coalesce or SqlKeyword.Exists or SqlKeyword.Extract or SqlKeyword.Greatest
        or SqlKeyword.Grouping or SqlKeyword.Least or SqlKeyword.MergeAction or SqlKeyword.Normalize or SqlKeyword.Nullif or SqlKeyword.Overlay or SqlKeyword.Position
        or SqlKeyword.Row or SqlKeyword.Substring or SqlKeyword.Treat or SqlKeyword.Trim or SqlKeyword.Xmlconcat or SqlKeyword.Xmlelement or SqlKeyword.Xmlexists
        or SqlKeyword.Xmlforest or SqlKeyword.Xmlparse or SqlKeyword.Xmlpi or SqlKeyword.Xmlroot or SqlKeyword.Xmlserialize or SqlKeyword.Json or SqlKeyword.JsonArray
        or SqlKeyword.JsonArrayagg or SqlKeyword.JsonExists or SqlKeyword.JsonObject or SqlKeyword.JsonObjectagg or SqlKeyword.JsonQuery or SqlKeyword.JsonScalar
        or SqlKeyword.JsonSerialize or SqlKeyword.JsonValue;

    private bool GrammarCall()
    {
        var word = Keyword();
        _position++;
        if (word == SqlKeyword.Exists)
            return BracketedQuery();
        return Enter() && Inside(word) && Leave();
    }

    private bool Inside(SqlKeyword word) => word switch
    {
        SqlKeyword.Cast or SqlKeyword.Treat => Expression() && Accept(SqlKeyword.As) && Type(),
        SqlKeyword.Coalesce or SqlKeyword.Greatest or SqlKeyword.Least or SqlKeyword.Grouping or SqlKeyword.Xmlconcat => Expressions(),
        SqlKeyword.Row => Kind() == SqlTokenKind.CloseParen || Expressions(),
        SqlKeyword.Nullif => Expression() && Accept(SqlTokenKind.Comma) && Expression(),
        SqlKeyword.MergeAction => true,
        SqlKeyword.Extract => ExtractedField() && Accept(SqlKeyword.From) && Expression(),
        SqlKeyword.Normalize => Expression() && (!Accept(SqlTokenKind.Comma) || Accept("nfc") || Accept("nfd") || Accept("nfkc") || Accept("nfkd")),
        SqlKeyword.Position => Expression(Form.Restricted) && Accept(SqlKeyword.In) && Expression(Form.Restricted),
        SqlKeyword.Overlay => InsideOverlay(),
        SqlKeyword.Substring => InsideSubstring(),
        SqlKeyword.Trim => InsideTrim(),
        SqlKeyword.Xmlelement => Accept("name") && Label() && (!Accept(SqlTokenKind.Comma) || ElementContent()),
        SqlKeyword.Xmlexists => Operand() && XmlPassing(),
        SqlKeyword.Xmlforest => XmlLabels(),
        SqlKeyword.Xmlparse => DocumentOrContent() && Expression() && WhiteSpaceOption(),
        SqlKeyword.Xmlpi => Accept("name") && Label() && (!Accept(SqlTokenKind.Comma) || Expression()),
        SqlKeyword.Xmlroot => InsideXmlRoot(),
        SqlKeyword.Xmlserialize => DocumentOrContent() && Expression() && Accept(SqlKeyword.As) && SimpleType() && IndentOption(),
        _ => InsideJson(word),
    };

    /// <summary><c>func_arg_list_opt</c> behind its first argument.</summary>
    private bool FurtherArguments()
    {
        while (Accept(SqlTokenKind.Comma))
        {
            if (!Argument())
                return false;
        }

        return true;
    }

    /// <summary><c>extract_arg</c></summary>
    private bool ExtractedField() => Literal() || (Keyword() is SqlKeyword.Other or SqlKeyword.Year or SqlKeyword.Month or SqlKeyword.Day or SqlKeyword.Hour
        or SqlKeyword.Minute or SqlKeyword.Second && Label());

    private bool InsideOverlay()
    {
        if (Kind() == SqlTokenKind.CloseParen)
            return true;
        if (!Argument())
            return false;
        if (!Accept(SqlKeyword.Placing))
            return FurtherArguments();
        return Expression() && Accept(SqlKeyword.From) && Expression() && (!Accept(SqlKeyword.For) || Expression());
    }

    private bool InsideSubstring()
    {
        if (Kind() == SqlTokenKind.CloseParen)
            return true;
        if (!Argument())
            return false;
        if (Accept(SqlKeyword.Similar))
            return Expression() && Accept(SqlKeyword.Escape) && Expression();
        if (Accept(SqlKeyword.From))
            return Expression() && (!Accept(SqlKeyword.For) || Expression());
        if (Accept(SqlKeyword.For))
            return Expression() && (!Accept(SqlKeyword.From) || Expression());
        return FurtherArguments();
    }

    private bool InsideTrim()
    {
        if (!Accept(SqlKeyword.Both) && !Accept(SqlKeyword.Leading))
            Accept(SqlKeyword.Trailing);
        if (Accept(SqlKeyword.From))
            return Expressions();
        return Expression() && (Accept(SqlKeyword.From) ? Expressions() : !Accept(SqlTokenKind.Comma) || Expressions());
    }
}
