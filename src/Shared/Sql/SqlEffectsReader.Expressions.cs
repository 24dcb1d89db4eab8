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
    }

    private bool Expression(Stops stops)
    {
        var first = _position;
        var depth = 0;
        var cases = 0;
        while (_position < _end)
        {
            if (_options.Catalog is { HasPlainExpressions: false } catalog)
                HiddenCall(catalog);
            switch (_tokens[_position].Kind)
            {
                case SqlTokenKind.OpenParen when _tokens.Closing(_position) < 0:
                    return Unknown("a bracket is missing");
                case SqlTokenKind.OpenParen when IsQuery(_position):
                    var locks = _lockTargets.Count;
                    if (!InGroup(static r => r.Query(null)))
                        return false;
                    ForgetLockTargets(locks);
                    continue;
                case SqlTokenKind.OpenParen:
                    CallBefore(first);
                    depth++;
                    break;
                case SqlTokenKind.OpenBracket:
                    depth++;
                    break;
                case SqlTokenKind.CloseParen or SqlTokenKind.CloseBracket:
                    if (--depth < 0)
                        return Unknown("a bracket closes that wasn't opened");
                    break;
                case SqlTokenKind.Semicolon:
                    return Unknown("a statement can't end in a bracket");
                case SqlTokenKind.Comma when depth == 0 && stops == Stops.From:
                    return true;
                case SqlTokenKind.Identifier when !IsLabel(_position):
                    if (depth > 0)
                    {
                        // Reserved: in an expression it is no name.
                        if (Word("into"))
                            return Unknown("INTO can't stand in an expression");
                        break;
                    }

                    if (Word("case"))
                        cases++;
                    else if (Word("end") && cases > 0)
                        cases--;
                    else if (stops != Stops.None && StopsHere(stops, first, cases))
                        return true;
                    break;
            }

            _position++;
        }

        return true;
    }

    /// <summary>All of these words are reserved: bare, they are the clause.</summary>
    private bool StopsHere(Stops stops, int first, int cases)
    {
        if (stops == Stops.From && IsJoin(_position))
            return true;
        return _tokens[_position].Length switch
        {
            2 => Word("on"),
            // COLLATION FOR (value)
            3 => Word("for") && !(_position > first && WordAt("collation", _position - 1)),
            4 => (Word("from") && !IsDistinctFrom(first)) || Word("into") || (cases == 0 && (Word("when") || Word("then"))),
            5 => Word("where") || Word("union") || Word("order") || Word("limit") || Word("fetch")
                || (Word("group") && !(_position > first && WordAt("within", _position - 1))),
            6 => Word("having") || Word("window") || Word("except") || Word("offset"),
            9 => Word("intersect") || Word("returning"),
            _ => false,
        };
    }

    /// <summary><c>IS [NOT] DISTINCT FROM</c></summary>
    private bool IsDistinctFrom(int first)
        => _position - first >= 2 && WordAt("distinct", _position - 1) && (WordAt("is", _position - 2) || WordAt("not", _position - 2));

    /// <summary>To the end of the statement or bracket, for what follows where nothing but calls and queries matters any more.</summary>
    private bool Remainder() => Expression(Stops.None);
}
