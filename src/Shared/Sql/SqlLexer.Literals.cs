namespace CompileTimeRouting.Sql;

/// <content>Quoted things: literals, quoted identifiers, dollar quotes.</content>
internal partial struct SqlLexer
{
    /// <summary>The literals that a letter announces, or null when the letter starts a word.</summary>
    private readonly SqlToken? PrefixedLiteral(char c)
    {
        var quote = Peek(1);
        if (quote == '\'')
        {
            return c switch
            {
                'e' or 'E' => Quoted(SqlTokenKind.EscapeString, _position + 1, '\'', escapes: true),
                'b' or 'B' => Quoted(SqlTokenKind.BitString, _position + 1, '\'', escapes: false),
                'x' or 'X' => Quoted(SqlTokenKind.HexString, _position + 1, '\'', escapes: false),
                // scan.l gives the keyword NCHAR back and reads on with a plain literal.
                'n' or 'N' => Quoted(SqlTokenKind.NationalString, _position + 1, '\'', escapes: !_standardConformingStrings),
                _ => null,
            };
        }

        if (c is 'u' or 'U' && quote == '&')
        {
            return Peek(2) switch
            {
                '\'' => Quoted(SqlTokenKind.UnicodeString, _position + 2, '\'', escapes: false),
                '"' => Quoted(SqlTokenKind.UnicodeIdentifier, _position + 2, '"', escapes: false),
                _ => null,
            };
        }

        return null;
    }

    /// <summary>
    /// Reads from the opening mark to the closing one. A literal goes on after white space with a new line in it, and
    /// goes on as it began: scan.l comes back to the state it left, so an E literal still escapes.
    /// </summary>
    private readonly SqlToken Quoted(SqlTokenKind kind, int open, char mark, bool escapes)
    {
        var i = open + 1;
        while (i < _text.Length)
        {
            var c = _text[i++];
            if (c == '\\' && escapes)
                i++;
            else if (c == mark)
            {
                if (At(i) == mark)
                    i++;
                else if (mark == '\'' && Continuation(i) is var next and >= 0)
                    i = next;
                else
                    return Token(kind, i);
            }
        }

        return Token(kind, _text.Length, SqlTokenFlags.Unterminated);
    }

    /// <summary>
    /// <c>quotecontinue</c>: where the literal goes on after its closing quote at <paramref name="start"/>, or -1.
    /// Line comments may stand between, block comments may not.
    /// </summary>
    private readonly int Continuation(int start)
    {
        var newLine = false;
        var i = start;
        while (i < _text.Length)
        {
            var c = _text[i];
            if (SqlCharacters.IsSpace(c))
            {
                newLine |= SqlCharacters.IsNewLine(c);
                i++;
            }
            else if (c == '-' && At(i + 1) == '-')
                i = LineCommentEnd(i);
            else
                return newLine && c == '\'' ? i + 1 : -1;
        }

        return -1;
    }

    private readonly SqlToken Dollar()
    {
        var i = _position + 1;
        if (SqlCharacters.IsDigit(At(i)))
            return PositionalParameter();

        if (SqlCharacters.IsIdentifierStart(At(i)))
        {
            while (i < _text.Length && SqlCharacters.IsDollarTagPart(_text[i]))
                i++;
        }

        // dolqfailed: without its second dollar the first one stands alone.
        if (At(i) != '$')
            return Token(SqlTokenKind.Invalid, _position + 1);

        var end = DollarQuoteEnd(i + 1, i + 1 - _position);
        return end >= 0
            ? Token(SqlTokenKind.DollarString, end)
            : Token(SqlTokenKind.DollarString, _text.Length, SqlTokenFlags.Unterminated);
    }

    /// <summary>
    /// The end of the first delimiter equal to the opening one. A delimiter holds dollars at its ends only, so after a
    /// mismatch no match can start before the mismatching character: the search stays linear.
    /// </summary>
    private readonly int DollarQuoteEnd(int start, int length)
    {
        var i = start;
        while (i + length <= _text.Length)
        {
            var matched = 0;
            while (matched < length && _text[i + matched] == _text[_position + matched])
                matched++;
            if (matched == length)
                return i + length;
            i += Math.Max(matched, 1);
        }

        return -1;
    }
}
