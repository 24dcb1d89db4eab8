namespace CompileTimeRouting.Sql;

/// <content>DECLARE, and what reads a cursor.</content>
internal sealed partial class PlPgSqlReader
{
    /// <summary>Up to the BEGIN behind.</summary>
    private bool Declarations()
    {
        _position++;
        while (!Is("begin", _position))
        {
            if (Is("declare", _position))
            {
                _position++;
                continue;
            }

            var end = Find(_position, ";");
            if (end < 0 || !SqlIdentifier.IsIdentifier(Kind(_position)))
                return false;
            Declaration(end);
            _position = end + 1;
        }

        return true;
    }

    /// <summary>
    /// <c>name [CONSTANT] type [NOT NULL] [{DEFAULT | := | =} expression]</c>, <c>name [[NO] SCROLL] CURSOR [(…)] {FOR | IS} query</c>,
    /// <c>name ALIAS FOR other</c>
    /// </summary>
    private void Declaration(int end)
    {
        var name = SqlIdentifier.Name(_body, _tokens[_position]);
        var i = _position + 1;
        if (Is("no", i))
            i++;
        if (Is("scroll", i))
            i++;
        if (Is("cursor", i))
        {
            _cursors.Add(name);
            var query = Find(i, "for", "is", ";");
            if (query >= 0 && query < end)
                Run(Text(query + 1, end - 1));
            else
                Lost(_position);
            return;
        }

        for (i = _position + 1; i < end; i++)
        {
            if (Kind(i) == SqlTokenKind.ColonEquals || IsOperator("=", i) || Is("default", i))
            {
                Expression(i + 1, end - 1);
                return;
            }

            if (_tokens.Closing(i) > i)
                i = _tokens.Closing(i);
        }
    }

    /// <summary><c>OPEN cursor [(…)]</c>, <c>OPEN cursor [[NO] SCROLL] FOR {query | EXECUTE …}</c></summary>
    private bool Open()
    {
        if (!SqlIdentifier.IsIdentifier(Kind(_position + 1)))
            return false;
        var name = SqlIdentifier.Name(_body, _tokens[_position + 1]);
        var query = Find(_position + 2, "for", ";");
        if (query < 0)
            return false;
        if (!Is("for", query))
        {
            _fetched.Add(name);
            // Arguments of a bound cursor look like a call of it.
            _position++;
            return Arguments();
        }

        _cursors.Add(name);
        _position = query;
        if (!Is("execute", query + 1))
            return Query(";");

        _position++;
        return Dynamic(";");
    }

    /// <summary><c>FETCH [direction {FROM | IN}] cursor INTO target</c>, <c>MOVE [direction {FROM | IN}] cursor</c></summary>
    private bool Fetch()
    {
        var end = Find(_position, "into", ";");
        if (end < 0 || !SqlIdentifier.IsIdentifier(Kind(end - 1)))
            return false;
        _fetched.Add(SqlIdentifier.Name(_body, _tokens[end - 1]));
        Flat(_position + 1, end - 1);
        return SkipPastSemicolon();
    }
}
