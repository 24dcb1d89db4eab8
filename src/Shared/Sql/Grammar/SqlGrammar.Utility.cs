namespace CompileTimeRouting.Sql;

/// <content>EXPLAIN, COPY and SHOW.</content>
internal sealed partial class SqlGrammar
{
    private bool Explain()
    {
        _position++;
        if (Kind() == SqlTokenKind.OpenParen && !BeginsQuery(_tokens.FirstInside(_position)))
        {
            if (!Options())
                return false;
        }
        else
        {
            if (!Accept(SqlKeyword.Analyze))
                Accept(SqlKeyword.Analyse);
            Accept(SqlKeyword.Verbose);
        }

        return Keyword() switch
        {
            SqlKeyword.Declare => Cursor(),
            SqlKeyword.Create => CreateAs(),
            SqlKeyword.Refresh => Refresh(),
            SqlKeyword.Execute => Rest(),
            _ => Preparable(),
        };
    }

    /// <summary><c>(option [value], …)</c></summary>
    private bool Options()
    {
        if (!Enter())
            return false;
        do
        {
            if (!(Accept(SqlKeyword.Analyze) || Accept(SqlKeyword.Analyse) || NonReservedWord()))
                return false;
            if (Kind() is SqlTokenKind.Comma or SqlTokenKind.CloseParen)
                continue;
            if (!OptionValue())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return Leave();
    }

    private bool OptionValue()
    {
        if (Kind() != SqlTokenKind.Operator || SqlOperator(_position) is not ('+' or '-'))
            return Number() || Literal() || Accept(SqlKeyword.True) || Accept(SqlKeyword.False) || Accept(SqlKeyword.On) || NonReservedWord();
        _position++;
        return Number();
    }

    private bool Number() => Accept(SqlTokenKind.Integer) || Accept(SqlTokenKind.Numeric);

    private bool NonReservedWord() => IsName() && !SqlKeywords.IsReserved(Keyword()) && Label();

    /// <summary><c>DECLARE name [BINARY] [INSENSITIVE | ASENSITIVE] [[NO] SCROLL] CURSOR [{WITH | WITHOUT} HOLD] FOR query</c></summary>
    private bool Cursor()
    {
        _position++;
        if (!Name())
            return false;
        while (Accept(SqlKeyword.Binary) || Accept("insensitive") || Accept("asensitive") || Accept(SqlKeyword.No) || Accept("scroll"))
            continue;
        if (!Accept("cursor") || ((Accept(SqlKeyword.With) || Accept(SqlKeyword.Without)) && !Accept("hold")))
            return false;
        return Accept(SqlKeyword.For) && Query();
    }

    /// <summary><c>CREATE {[TEMPORARY | UNLOGGED] TABLE | MATERIALIZED VIEW} [IF NOT EXISTS] name … AS {query | EXECUTE …} [WITH [NO] DATA]</c></summary>
    private bool CreateAs()
    {
        _position++;
        if (!Accept(SqlKeyword.Unlogged))
            AcceptTemporary();
        if (!Accept(SqlKeyword.Table) && !(Accept(SqlKeyword.Materialized) && Accept(SqlKeyword.View)))
            return false;
        if (Accept(SqlKeyword.If) && !(Accept(SqlKeyword.Not) && Accept(SqlKeyword.Exists)))
            return false;
        if (!QualifiedName() || (Kind() == SqlTokenKind.OpenParen && !Names()) || (Accept(SqlKeyword.Using) && !Name()))
            return false;
        if (Accept(SqlKeyword.With) ? Kind() != SqlTokenKind.OpenParen || !SkipGroup() : Accept(SqlKeyword.Without) && !Accept("oids"))
            return false;
        if (Accept(SqlKeyword.On) && !(Accept(SqlKeyword.Commit) && (Accept(SqlKeyword.Drop) || ((Accept(SqlKeyword.Delete) || Accept("preserve")) && Accept(SqlKeyword.Rows)))))
            return false;
        if ((Accept("tablespace") && !Name()) || !Accept(SqlKeyword.As))
            return false;
        return Word(SqlKeyword.Execute) ? Rest() : Query() && WithData();
    }

    private bool Refresh()
    {
        _position++;
        if (!Accept(SqlKeyword.Materialized) || !Accept(SqlKeyword.View))
            return false;
        Accept(SqlKeyword.Concurrently);
        return QualifiedName() && WithData();
    }

    private bool WithData()
    {
        if (!Accept(SqlKeyword.With))
            return true;
        Accept(SqlKeyword.No);
        return Accept("data");
    }

    /// <summary><c>COPY {table [(columns)] | (query)} TO {STDOUT | file | PROGRAM command} [options]</c></summary>
    private bool Copy()
    {
        _position++;
        if (Kind() == SqlTokenKind.OpenParen)
        {
            if (!Enter() || !Preparable() || !Leave())
                return false;
        }
        else
        {
            if (Word(SqlKeyword.Binary) && IsColumnName(1))
                _position++;
            if (!QualifiedName() || (Kind() == SqlTokenKind.OpenParen && !Names()))
                return false;
        }

        if (!Accept(SqlKeyword.To))
            return false;
        Accept("program");
        if (!Accept(SqlKeyword.Stdout) && !Accept(SqlKeyword.Stdin) && !Literal())
            return false;
        if (Accept("delimiters") || Accept(SqlKeyword.Using))
        {
            Accept("delimiters");
            if (!Literal())
                return false;
        }

        Accept(SqlKeyword.With);
        return Kind() == SqlTokenKind.OpenParen ? CopyOptions() : OldCopyOptions();
    }

    /// <summary><c>copy_generic_opt_list</c></summary>
    private bool CopyOptions()
    {
        if (!Enter())
            return false;
        do
        {
            if (!Label())
                return false;
            var isAlone = Kind() is SqlTokenKind.Comma or SqlTokenKind.CloseParen;
            if (!isAlone && !Accept(SqlTokenKind.Star) && !Accept(SqlKeyword.Default) && !(Kind() == SqlTokenKind.OpenParen ? OptionValues() : OptionValue()))
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return Leave();
    }

    private bool OptionValues()
    {
        if (!Enter())
            return false;
        do
        {
            if (!OptionValue())
                return false;
        }
        while (Accept(SqlTokenKind.Comma));
        return Leave();
    }

    /// <summary>The options of before 9.0.</summary>
    private bool OldCopyOptions()
    {
        while (_position < _tokens.Count)
        {
            if (Accept(SqlKeyword.Binary) || Accept(SqlKeyword.Freeze) || Accept("csv") || Accept("header"))
                continue;
            if (Accept("force"))
            {
                if (!Forced())
                    return false;
                continue;
            }

            if (!Accept("delimiter") && !Accept(SqlKeyword.Null) && !Accept("quote") && !Accept(SqlKeyword.Escape) && !Accept("encoding"))
                return false;
            Accept(SqlKeyword.As);
            if (!Literal())
                return false;
        }

        return true;
    }

    /// <summary><c>QUOTE | NOT NULL | NULL</c>, and of which columns.</summary>
    private bool Forced()
    {
        if (!Accept("quote"))
        {
            Accept(SqlKeyword.Not);
            if (!Accept(SqlKeyword.Null))
                return false;
        }

        return Accept(SqlTokenKind.Star) || NameList();
    }

    private bool Show()
    {
        _position++;
        var words = Keyword() switch
        {
            SqlKeyword.All => 1,
            SqlKeyword.Time when Word(SqlKeyword.Zone, 1) => 2,
            SqlKeyword.Session when Word(SqlKeyword.Authorization, 1) => 2,
            SqlKeyword.Transaction when Word("isolation", 1) && Word("level", 2) => 3,
            _ => 0,
        };
        _position += words;
        return words > 0 || Setting();
    }

    /// <summary><c>var_name</c></summary>
    private bool Setting()
    {
        do
        {
            if (!Name())
                return false;
        }
        while (Accept(SqlTokenKind.Dot));
        return true;
    }
}
