namespace CompileTimeRouting.Sql;

/// <content>Numbers and parameters.</content>
internal partial struct SqlLexer
{
    private readonly SqlToken Number()
    {
        var end = RadixIntegerEnd();
        if (end >= 0)
            return NumberOrJunk(SqlTokenKind.Integer, end);

        var kind = SqlTokenKind.Integer;
        end = DecimalEnd(_position);
        if (At(end) == '.')
        {
            // numericfail: 1..2 is a range of integers, not 1. and .2
            if (At(end + 1) == '.')
                return Token(kind, end);
            kind = SqlTokenKind.Numeric;
            end = DecimalEnd(end + 1);
        }

        if (At(end) is 'e' or 'E')
        {
            var exponent = At(end + 1) is '+' or '-' ? end + 2 : end + 1;
            if (SqlCharacters.IsDigit(At(exponent)))
            {
                kind = SqlTokenKind.Numeric;
                end = DecimalEnd(exponent);
            }
            else if (exponent == end + 2)
            {
                // realfail takes the sign along.
                return Token(SqlTokenKind.Junk, exponent);
            }
        }

        return NumberOrJunk(kind, end);
    }

    /// <summary><c>integer_junk</c> and its kin: a word on the tail of a number belongs to it and spoils it.</summary>
    private readonly SqlToken NumberOrJunk(SqlTokenKind kind, int end)
    {
        var junk = SqlCharacters.IsIdentifierStart(At(end)) || (SqlCharacters.IsIdentifierPart(At(end)) && EndsInWord(end));
        return junk ? Token(SqlTokenKind.Junk, SqlCharacters.IdentifierEnd(_text, end)) : Token(kind, end);
    }

    /// <summary>
    /// The longest match wins: in <c>0b12</c> and <c>1e5$</c> the letter inside starts a word that takes more than the
    /// number does.
    /// </summary>
    private readonly bool EndsInWord(int end)
    {
        for (var i = end - 1; i > _position && SqlCharacters.IsDollarTagPart(_text[i]); i--)
        {
            if (SqlCharacters.IsIdentifierStart(_text[i]))
                return true;
        }

        return false;
    }

    /// <summary><c>decinteger</c>: digits with single underscores between them.</summary>
    private readonly int DecimalEnd(int start)
    {
        var i = start;
        if (!SqlCharacters.IsDigit(At(i)))
            return i;
        while (SqlCharacters.IsDigit(At(i)) || (At(i) == '_' && SqlCharacters.IsDigit(At(i + 1))))
            i++;
        return i;
    }

    /// <summary><c>hexinteger</c>, <c>octinteger</c>, <c>bininteger</c>, or -1. <c>0x</c> without a digit is left to junk.</summary>
    private readonly int RadixIntegerEnd()
    {
        if (_text[_position] != '0')
            return -1;
        var radix = Peek(1) switch
        {
            'x' or 'X' => 16,
            'o' or 'O' => 8,
            'b' or 'B' => 2,
            _ => 0,
        };
        if (radix == 0)
            return -1;
        var i = _position + 2;
        while (IsDigit(At(i), radix) || (At(i) == '_' && IsDigit(At(i + 1), radix)))
            i++;
        return i > _position + 2 ? i : -1;
    }

    private static bool IsDigit(char c, int radix) => c switch
    {
        >= '0' and <= '9' => c - '0' < radix,
        >= 'a' and <= 'f' or >= 'A' and <= 'F' => radix == 16,
        _ => false,
    };

    private readonly SqlToken PositionalParameter()
    {
        var end = _position + 1;
        while (SqlCharacters.IsDigit(At(end)))
            end++;
        return NumberOrJunk(SqlTokenKind.PositionalParameter, end);
    }

    /// <summary>
    /// Npgsql's rule: the mark isn't doubled and a name character follows. Kept out are a slice bound, <c>a[1:2]</c>, for
    /// no parameter of a method is called 2, and a literal or quoted name with its letter: <c>@U&amp;"f"(1)</c>.
    /// </summary>
    private readonly bool StartsParameter(int index)
        => SqlCharacters.IsParameterName(At(index + 1))
            && (index == 0 || _text[index - 1] != _text[index])
            && !(_text[index] == ':' && _brackets.InSubscript && !IsNameStart(At(index + 1)))
            && !StartsPrefixedLiteral(index + 1);

    private readonly bool StartsPrefixedLiteral(int index) => At(index + 1) switch
    {
        '\'' => At(index) is 'e' or 'E' or 'b' or 'B' or 'x' or 'X' or 'n' or 'N',
        '&' => At(index) is 'u' or 'U' && At(index + 2) is '\'' or '"',
        _ => false,
    };

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    private readonly SqlToken NamedParameter()
    {
        var end = _position + 2;
        while (end < _text.Length && SqlCharacters.IsParameterName(_text[end]))
            end++;
        // @a$b$, @s.U&"f": a name to the server, and to the client a parameter with something else behind it.
        if (At(end) == '$')
            return Token(SqlTokenKind.Junk, SqlCharacters.IdentifierEnd(_text, end));
        if (At(end) == '&' && At(end + 1) == '"' && At(end - 1) is 'u' or 'U' && At(end - 2) == '.')
            return Token(SqlTokenKind.Junk, Quoted(SqlTokenKind.QuotedIdentifier, end + 1, '"', escapes: false).End);

        // No method's parameter starts with a digit or has a dot in it: @f.x is most likely the absolute value of a column.
        var ambiguous = !IsNameStart(Peek(1))
            || _text.IndexOf('.', _position, end - _position) >= 0
            || (_text[_position] == ':' ? _brackets.InSubscript : EndsOperator());
        return Token(SqlTokenKind.NamedParameter, end, ambiguous ? SqlTokenFlags.Ambiguous : SqlTokenFlags.None);
    }

    /// <summary>The <c>@</c> here may be the last character of a built-in operator: <c>&lt;@</c>, <c>^@</c>, <c>@-@</c>.</summary>
    private readonly bool EndsOperator() => _position > 0 && _text[_position - 1] switch
    {
        '<' or '^' => true,
        '-' => _position > 1 && _text[_position - 2] == '@',
        _ => false,
    };
}
