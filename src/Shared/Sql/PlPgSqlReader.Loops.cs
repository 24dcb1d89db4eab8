namespace CompileTimeRouting.Sql;

/// <content>FOR and FOREACH.</content>
internal sealed partial class PlPgSqlReader
{
    /// <summary>
    /// <c>FOR target IN {[REVERSE] from .. to [BY step] | query | EXECUTE … | cursor [(…)]} LOOP</c>
    /// </summary>
    private bool For()
    {
        var @in = Find(_position, "in", ";");
        if (@in < 0 || !Is("in", @in))
            return false;
        _position = @in;
        if (Is("execute", _position + 1))
        {
            _position++;
            return Dynamic("loop");
        }

        var loop = Find(_position, "loop", ";");
        if (loop < 0 || !Is("loop", loop))
            return false;
        var first = Is("reverse", _position + 1) ? _position + 2 : _position + 1;
        var range = FindRange(first, loop);
        if (range >= 0)
        {
            Flat(first, range - 1);
            Flat(range + 1, loop - 1);
        }
        else if (!Cursor(first, loop))
            return Query("loop");

        _position = loop + 1;
        return true;
    }

    private int FindRange(int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            if (Kind(i) == SqlTokenKind.DotDot)
                return i;
            if (_tokens.Closing(i) > i)
                i = _tokens.Closing(i);
        }

        return -1;
    }

    /// <summary>A name alone or with arguments begins no query.</summary>
    private bool Cursor(int first, int end)
    {
        if (!SqlIdentifier.IsIdentifier(Kind(first)))
            return false;
        var behind = Kind(first + 1) == SqlTokenKind.OpenParen ? _tokens.Closing(first + 1) + 1 : first + 1;
        if (behind != end || BeginsQuery(first))
            return false;
        _fetched.Add(SqlIdentifier.Name(_body, _tokens[first]));
        Flat(first + 1, end - 1);
        return true;
    }

    private bool BeginsQuery(int index) => Is("select", index) || Is("values", index) || Is("with", index) || Is("table", index);

    /// <summary><c>FOREACH target [SLICE n] IN ARRAY expression LOOP</c></summary>
    private bool ForEach()
    {
        var array = Find(_position, "in", ";");
        if (array < 0 || !Is("array", array + 1))
            return false;
        _position = array + 1;
        return ExpressionUntil("loop");
    }
}
