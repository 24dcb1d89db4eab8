namespace CompileTimeRouting.Sql;

/// <content>Expressions and lists of them, read flat: only the calls and the queries in them matter.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>Where an expression ends before its bracket does.</summary>
    private enum Stops : byte
    {
        /// <summary>Nowhere.</summary>
        None,

        /// <summary>At the word of a clause.</summary>
        Clause,

        /// <summary>There, at a comma and at a join.</summary>
        From,

        /// <summary>As at a clause, and what stands here are the items of GROUP BY.</summary>
        Grouping,
    }

    /// <param name="stops">Where it ends.</param>
    private bool Expression(Stops stops)
    {
        var first = _position;
        var depth = 0;
        var cases = 0;
        // How deep the items of GROUP BY and GROUPING SETS stand.
        var items = stops == Stops.Grouping ? 0 : -1;
        var selection = -1;
        var catalog = _options.Catalog is { HasPlainExpressions: false } known ? known : null;
        while (_position < _end)
        {
            if (catalog is not null)
                HiddenOperator(catalog);
            switch (_tokens[_position].Kind)
            {
                case SqlTokenKind.OpenParen when _tokens.Closing(_position) < 0:
                    return Unknown("a bracket is missing");
                case SqlTokenKind.OpenParen when IsWrite(_position + 1):
                    return Unknown("a statement that writes can't stand in an expression");
                case SqlTokenKind.OpenParen when IsQuery(_position):
                    var locks = _lockTargets.Count;
                    if (!InGroup(static r => r.QueryWithin()))
                        return false;
                    ForgetLockTargets(locks);
                    continue;
                case SqlTokenKind.OpenParen:
                    CallBefore(first, depth == items);
                    depth++;
                    if (items == depth - 1 && IsGroupingSets(_position - 1))
                        items = depth;
                    break;
                case SqlTokenKind.OpenBracket:
                    depth++;
                    break;
                case SqlTokenKind.CloseParen or SqlTokenKind.CloseBracket:
                    if (--depth < 0)
                        return Unknown("a bracket closes that wasn't opened");
                    items = Math.Min(items, depth);
                    break;
                case SqlTokenKind.Dot:
                    selection = Attribute(catalog, selection == _position || SelectsHere());
                    break;
                case SqlTokenKind.Semicolon:
                    return Unknown("a statement can't end in a bracket");
                case SqlTokenKind.Comma when depth == 0 && stops == Stops.From:
                    return true;
                case SqlTokenKind.Identifier when _tokens[_position].Keyword is not SqlKeyword.Other and var word && !IsLabel(_position):
                    if (depth > 0)
                    {
                        // Reserved: in an expression it is no name but that of an XML element.
                        if (word == SqlKeyword.Into && !SqlKeywords.Is(_sql, _tokens[_position - 1], "name"))
                            return Unknown("INTO can't stand in an expression");
                        break;
                    }

                    if (word == SqlKeyword.Case)
                        cases++;
                    else if (word == SqlKeyword.End && cases > 0)
                        cases--;
                    else if (stops != Stops.None && StopsHere(stops, first, cases))
                        return true;

                    break;
            }

            _position++;
        }

        return true;
    }

    /// <summary>A query with what may follow it in its bracket: <c>json_array(select … returning jsonb)</c>.</summary>
    private bool QueryWithin()
    {
        var call = _position - 2;
        return Query(null) && (!WordAt(SqlKeyword.JsonArray, call) || Remainder());
    }

    /// <summary>All of these words are reserved: bare, they are the clause.</summary>
    private bool StopsHere(Stops stops, int first, int cases)
    {
        if (stops == Stops.From && IsJoin(_position))
            return true;
        return Keyword() switch
        {
            SqlKeyword.On or SqlKeyword.Into or SqlKeyword.Where or SqlKeyword.Union or SqlKeyword.Order or SqlKeyword.Limit or SqlKeyword.Fetch
                or SqlKeyword.Having or SqlKeyword.Window or SqlKeyword.Except or SqlKeyword.Offset or SqlKeyword.Intersect
                or SqlKeyword.Returning => true,
            SqlKeyword.From => !IsDistinctFrom(first),
            // In MERGE; in a select list they may name a column.
            SqlKeyword.When => cases == 0 && (Word(SqlKeyword.Not, 1) || SqlKeywords.Is(_sql, _tokens[Math.Min(_position + 1, _end - 1)], "matched")),
            SqlKeyword.Then => cases == 0 && Keyword(1) is SqlKeyword.Update or SqlKeyword.Delete or SqlKeyword.Insert or SqlKeyword.Do,
            // COLLATION FOR (value)
            SqlKeyword.For => !IsOpened(SqlKeyword.Collation, first),
            // WITHIN GROUP (ORDER BY …)
            SqlKeyword.Group => !IsOpened(SqlKeyword.Within, first),
            _ => false,
        };
    }

    /// <summary>Whether a word stands before this one and a bracket behind it.</summary>
    private bool IsOpened(SqlKeyword before, int first)
        => _position > first && WordAt(before, _position - 1) && !IsLabel(_position - 1) && Kind(1) == SqlTokenKind.OpenParen;

    /// <summary><c>IS [NOT] DISTINCT FROM</c></summary>
    private bool IsDistinctFrom(int first)
        => _position - first >= 2 && WordAt(SqlKeyword.Distinct, _position - 1) && KeywordAt(_position - 2) is SqlKeyword.Is or SqlKeyword.Not;

    /// <summary>INSERT INTO …, DELETE FROM …: as names, these words have no such word behind them.</summary>
    private bool IsWrite(int index) => KeywordAt(index) switch
    {
        SqlKeyword.Insert or SqlKeyword.Merge => WordAt(SqlKeyword.Into, index + 1),
        SqlKeyword.Delete => WordAt(SqlKeyword.From, index + 1),
        _ => false,
    };

    /// <summary>To the end of the statement or bracket, for what follows where nothing but calls and queries matters any more.</summary>
    private bool Remainder() => Expression(Stops.None);
}
