namespace CompileTimeRouting.Sql;

/// <content>Operators.</content>
internal partial struct SqlLexer
{
    /// <summary>
    /// The <c>operator</c> rule: the longest run, cut at a comment inside; a run of several characters may end in
    /// <c>+</c> or <c>-</c> only if it holds a character that standard SQL's operators don't have, so that
    /// <c>=-1</c> is <c>=</c> and <c>-</c>.
    /// </summary>
    private SqlToken Operator()
    {
        // Signs cut off an earlier run: each is a token, and looking at the run again would take quadratic time.
        if (_position < _signsEnd)
            return Operator(_position + 1);

        var nonStandard = -1;
        var end = _position;
        while (end < _text.Length && SqlCharacters.IsOperator(_text[end]) && !EndsRun(end))
        {
            if (nonStandard < 0 && SqlCharacters.IsNonStandardOperator(_text[end]))
                nonStandard = end;
            end++;
        }

        if (nonStandard < 0 && end - _position > 1 && IsSign(_text[end - 1]))
        {
            _signsEnd = end;
            while (end - _position > 1 && IsSign(_text[end - 1]))
                end--;
        }

        return Operator(end);
    }

    /// <summary>A comment starts here, or a client parameter does: <c>=@id</c> is what the server reads as <c>=$1</c>.</summary>
    private readonly bool EndsRun(int index) => _text[index] switch
    {
        '/' => At(index + 1) == '*',
        '-' => At(index + 1) == '-',
        '@' => StartsParameter(index),
        _ => false,
    };

    private readonly SqlToken Operator(int end)
    {
        var length = end - _position;
        if (length == 1 && _text[_position] == '*')
            return Token(SqlTokenKind.Star, end);
        return length == 2 && _text[_position] == '=' && _text[_position + 1] == '>'
            ? Token(SqlTokenKind.EqualsGreater, end)
            : Token(SqlTokenKind.Operator, end);
    }

    private static bool IsSign(char c) => c is '+' or '-';
}
