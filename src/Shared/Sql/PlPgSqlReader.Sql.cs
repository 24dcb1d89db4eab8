using System.Globalization;

namespace CompileTimeRouting.Sql;

/// <content>The SQL in a body: statements, expressions, and what is looked at to find their ends.</content>
internal sealed partial class PlPgSqlReader
{
    /// <summary>
    /// A statement of SQL. Its first INTO that isn't INSERT's or MERGE's names variables, never a table, and isn't part of
    /// what the server runs (<c>make_execsql_stmt</c>).
    /// </summary>
    private bool Sql()
    {
        var first = _position;
        var end = Find(first, ";");
        if (end < 0)
            return false;
        _position = end + 1;
        for (var i = first + 1; i < end; i++)
        {
            if (!Is("into", i) || Is("insert", i - 1) || Is("merge", i - 1))
                continue;
            var behind = Targets(i + 1);
            Run(Text(first, i - 1) + " " + Text(behind, end - 1));
            return true;
        }

        Run(Text(first, end - 1));
        return true;
    }

    /// <summary><c>[STRICT] a, b.c, d[1]</c>: the index behind.</summary>
    private int Targets(int index)
    {
        var i = Is("strict", index) ? index + 1 : index;
        while (SqlIdentifier.IsIdentifier(Kind(i)) || Kind(i) == SqlTokenKind.PositionalParameter)
        {
            i++;
            while (Kind(i) == SqlTokenKind.Dot && SqlIdentifier.IsIdentifier(Kind(i + 1)))
                i += 2;
            if (Kind(i) != SqlTokenKind.Comma)
                break;
            i++;
        }

        return i;
    }

    /// <summary>A query from behind the word here to another word.</summary>
    private bool Query(string end)
    {
        var first = _position + 1;
        var last = Find(first, end, ";");
        if (last < 0 || last == first || !IsEnd(end, last))
            return false;
        Run(Text(first, last - 1));
        _position = last + 1;
        return true;
    }

    /// <summary>From behind the word or mark here to another word, which is passed.</summary>
    private bool ExpressionUntil(string word)
    {
        var first = _position + 1;
        var end = Find(first, word, ";");
        if (end < 0 || end == first || !IsEnd(word, end))
            return false;
        Expression(first, end - 1);
        _position = end + 1;
        return true;
    }

    /// <summary>The server runs <c>SELECT expression</c>, so that <c>x := a from t</c> is one.</summary>
    private void Expression(int first, int last)
    {
        if (last >= first)
            Run("select " + Text(first, last));
        else
            Lost(first);
    }

    /// <summary>What is an expression only in parts: in brackets, and with something that isn't known, it is read flat.</summary>
    private void Flat(int first, int last)
    {
        if (last >= first)
            Run("select (" + Text(first, last) + " " + SqlEffects.UnknownPart + ")");
    }

    private void Run(string sql) => _effects.Add(sql, SqlEffects.Analyze(sql, _options, _nesting));

    /// <summary>The first of these words, or the semicolon, outside brackets; -1 where there is none before a semicolon or the end.</summary>
    private int Find(int index, string word, string? other = null, string? third = null)
    {
        for (var i = index; i < _tokens.Count; i++)
        {
            if (IsEnd(word, i) || (other is not null && IsEnd(other, i)) || (third is not null && IsEnd(third, i)))
                return i;
            switch (Kind(i))
            {
                case SqlTokenKind.Semicolon:
                    return -1;
                case SqlTokenKind.OpenParen or SqlTokenKind.OpenBracket:
                    i = _tokens.Closing(i);
                    if (i < 0)
                        return -1;
                    break;
                case SqlTokenKind.CloseParen or SqlTokenKind.CloseBracket:
                    return -1;
            }
        }

        return -1;
    }

    private bool SkipPastSemicolon()
    {
        while (_position < _tokens.Count && Kind(_position) != SqlTokenKind.Semicolon)
            _position++;
        if (_position == _tokens.Count)
            return false;
        _position++;
        return true;
    }

    private bool IsEnd(string word, int index) => word == ";" ? Kind(index) == SqlTokenKind.Semicolon : Is(word, index);

    private bool Is(string word, int index) => index >= 0 && index < _tokens.Count && SqlKeywords.Is(_body, _tokens[index], word);

    private bool IsOperator(string text, int index)
        => Kind(index) == SqlTokenKind.Operator && _tokens[index].Length == text.Length
            && string.CompareOrdinal(_body, _tokens[index].Start, text, 0, text.Length) == 0;

    /// <summary>White space past the end.</summary>
    private SqlTokenKind Kind(int index) => index >= 0 && index < _tokens.Count ? _tokens[index].Kind : SqlTokenKind.WhiteSpace;

    private string Text(int first, int last)
        => last < first ? "" : _body.Substring(_tokens[first].Start, _tokens[last].End - _tokens[first].Start);

    private void Lost(int index)
    {
        var line = 1;
        for (var i = 0; index < _tokens.Count && i < _tokens[index].Start; i++)
        {
            if (_body[i] == '\n')
                line++;
        }

        _effects.Unknown("can't be followed at line " + line.ToString(CultureInfo.InvariantCulture) + " of its body");
    }
}
