using System.Text;

namespace CompileTimeRouting.Sql;

/// <content>EXECUTE: SQL in a string, put together at run time.</content>
internal sealed partial class PlPgSqlReader
{
    /// <summary>Stands where the text doesn't tell what will stand; to the lexer it is a letter.</summary>
    private const char Hole = '\uE000';

    private bool Execute() => Dynamic(";");

    /// <summary><c>EXECUTE string [INTO target] [USING expressions]</c>, with the position at EXECUTE.</summary>
    private bool Dynamic(string end)
    {
        var first = _position + 1;
        var last = Find(first, end, ";");
        if (last < 0 || !IsEnd(end, last))
            return false;
        var behind = Find(first, "into", "using", end);
        if (behind <= first)
            return false;
        Expression(first, behind - 1);
        if (behind < last)
            Flat(behind, Is("into", behind) ? behind - 1 : last - 1);
        var @using = Find(behind, "using", end);
        if (Is("into", behind) && @using >= 0 && @using < last)
            Flat(@using, last - 1);
        RunDynamic(first, behind - 1);
        _position = last + 1;
        return true;
    }

    /// <summary>
    /// A constant does what it says. One with holes does so where it certainly writes, else nobody knows: a name in a hole
    /// may be that of any view. A value quoted by the server is no hole.
    /// </summary>
    private void RunDynamic(int first, int last)
    {
        if (_nesting >= SqlEffectsReader.MaxNesting)
        {
            _effects.Unknown("runs strings of SQL that are nested too deeply");
            return;
        }

        var text = new StringBuilder();
        Append(first, last, text);
        var sql = text.ToString();
        var effects = SqlEffects.Analyze(sql, _options, _nesting + 1);
        if (sql.IndexOf(Hole) < 0)
        {
            _effects.Add(sql, effects);
            return;
        }

        if (effects.Route == SqlRoute.Primary)
            _effects.AddCertain(sql, effects, Hole);
        else
            _effects.Unknown("runs SQL that isn't constant");
    }

    /// <summary>The text of a string expression: literals joined by <c>||</c>, <c>format</c>, <c>quote_literal</c>; a hole for the rest.</summary>
    private void Append(int first, int last, StringBuilder text)
    {
        while (Kind(first) == SqlTokenKind.OpenParen && _tokens.Closing(first) == last)
        {
            first++;
            last--;
        }

        var start = first;
        for (var i = first; i <= last + 1; i++)
        {
            if (i == last + 1 || IsOperator("||", i))
            {
                AppendPiece(start, i - 1, text);
                start = i + 1;
            }
            else if (_tokens.Closing(i) > i)
                i = _tokens.Closing(i);
        }
    }

    private void AppendPiece(int first, int last, StringBuilder text)
    {
        if (last >= first + 2 && Kind(last - 1) == SqlTokenKind.TypeCast && Is("text", last))
            last -= 2;
        var isCall = Kind(first) == SqlTokenKind.Identifier && Kind(first + 1) == SqlTokenKind.OpenParen && _tokens.Closing(first + 1) == last;
        if (first == last && SqlLiteral.Text(_body, _tokens[first], _options.StandardConformingStrings) is { } literal)
            text.Append(literal);
        else if (isCall && (Is("quote_literal", first) || Is("quote_nullable", first)))
            text.Append("''");
        else if (isCall && Is("format", first))
            AppendFormat(first + 2, text);
        else if (last > first && Kind(first) == SqlTokenKind.OpenParen && _tokens.Closing(first) == last)
            Append(first, last, text);
        else
            text.Append(Hole);
    }

    /// <summary><c>format('…%I…%L…', …)</c>, by its first argument.</summary>
    private void AppendFormat(int first, StringBuilder text)
    {
        var isAlone = Kind(first + 1) is SqlTokenKind.Comma or SqlTokenKind.CloseParen;
        if (!isAlone || SqlLiteral.Text(_body, _tokens[first], _options.StandardConformingStrings) is not { } format)
        {
            text.Append(Hole);
            return;
        }

        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            // %[position][flags][width]type, where * and digits with a dollar are positions of arguments.
            do
                i++;
            while (i < format.Length && (SqlCharacters.IsDigit(format[i]) || format[i] is '$' or '-' or '*'));
            if (i < format.Length && format[i] == 'L')
                text.Append("''");
            else
                text.Append(i < format.Length && format[i] == '%' ? '%' : Hole);
        }
    }
}
