using System.Globalization;

namespace CompileTimeRouting.Sql;

/// <content>Arguments that decide what a call does: SQL in a string, and the mode of <c>lo_open</c>.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>Strings in strings: each level doubles the quotes, so that real ones are few.</summary>
    public const int MaxNesting = 4;

    /// <summary><c>INV_WRITE</c></summary>
    private const long LargeObjectWrite = 0x20000;

    private void RunsText(string function, int first, int last)
    {
        var arguments = Arguments();
        if (function == "xpath_table")
        {
            XPathTable(arguments, first, last);
            return;
        }

        if (function == "ts_rewrite")
        {
            // With three arguments it is given queries of the text search, with two SQL.
            if (arguments.Count == 2)
                RunsText(function, arguments[1], first, last);
            return;
        }

        for (var i = 0; i < arguments.Count; i++)
        {
            // The second argument of crosstab is SQL too, or a number of columns.
            var isNumber = arguments[i].Last == arguments[i].First && _tokens[arguments[i].First].Kind == SqlTokenKind.Integer;
            if (i == 0 || (i == 1 && !isNumber && function.StartsWith("crosstab", StringComparison.Ordinal)))
                RunsText(function, arguments[i], first, last);
        }
    }

    private void RunsText(string function, (int First, int Last) argument, int first, int last)
    {
        if (Constant(argument) is { } text)
            RunsConstant(text, argument.First, argument.Last);
        else
            Add(SqlEffectKind.SqlInString, SqlEffectImpact.Unknown, first, last, "the SQL that " + function + " runs isn't a constant");
    }

    /// <summary>xml2's <c>xpath_table</c> puts its arguments into <c>SELECT key, document FROM relation WHERE criteria</c>.</summary>
    private void XPathTable(List<(int First, int Last)> arguments, int first, int last)
    {
        var texts = arguments.ConvertAll(Constant);
        if (texts.Count == 5 && !texts.Contains(null))
            RunsConstant("select " + texts[0] + ", " + texts[1] + " from " + texts[2] + " where " + texts[4], first, last);
        else
            Add(SqlEffectKind.SqlInString, SqlEffectImpact.Unknown, first, last, "the SQL that xpath_table runs isn't a constant");
    }

    /// <summary>What a string does, its statement does: the squiggle stands under the string.</summary>
    private void RunsConstant(string text, int first, int last)
    {
        if (_nesting >= MaxNesting)
        {
            Add(SqlEffectKind.SqlInString, SqlEffectImpact.Unknown, first, last, "strings of SQL are nested too deeply");
            return;
        }

        var inner = SqlEffects.Analyze(text, _options, _nesting + 1);
        foreach (var name in inner.Reads)
            _reads.Add(name);
        foreach (var name in inner.Writes)
            _writes.Add(name);
        foreach (var name in inner.Functions)
            _functions.Add(name);

        var kind = SqlEffectKind.UnknownFunction;
        var impact = SqlEffectImpact.Unknown;
        var any = false;
        foreach (var effect in inner.Effects)
        {
            any = true;
            if (effect.Kind != SqlEffectKind.UnknownFunction)
                kind = SqlEffectKind.SqlInString;
            if (effect.Impact < impact)
                impact = effect.Impact;
        }

        if (any)
            Add(kind, impact, first, last, text);
    }

    /// <summary>The arguments of the call whose bracket opens here, from their first to their last token.</summary>
    private List<(int First, int Last)> Arguments()
    {
        var arguments = new List<(int, int)>();
        var closing = _tokens.Closing(_position);
        var first = _position + 1;
        for (var i = first; i <= closing; i++)
        {
            if (i == closing || _tokens[i].Kind == SqlTokenKind.Comma)
            {
                if (i > first)
                    arguments.Add((first, i - 1));
                first = i + 1;
            }
            else if (_tokens.Closing(i) > i)
                i = _tokens.Closing(i);
        }

        return arguments;
    }

    /// <summary>The text of an argument that is one literal, with or without a cast to text; else null.</summary>
    private string? Constant((int First, int Last) argument)
    {
        var (first, last) = argument;
        if (last == first + 2 && _tokens[first + 1].Kind == SqlTokenKind.TypeCast && WordAt(SqlKeyword.Text, last))
            last = first;
        return last == first ? SqlLiteral.Text(_sql, _tokens[first], _options.StandardConformingStrings) : null;
    }

    /// <summary>
    /// Whether the mode has, or may have, the bit for writing: known for numbers, alone or joined by <c>|</c> and
    /// <c>+</c>, as <c>x'40000'::int</c> is.
    /// </summary>
    private bool OpensForWriting()
    {
        var arguments = Arguments();
        if (arguments.Count != 2)
            return true;
        var (first, last) = arguments[1];
        for (var i = first; i <= last; i++)
        {
            var token = _tokens[i];
            var harmless = token.Kind switch
            {
                SqlTokenKind.Integer => Number(token.Text(_sql)) is var number && number >= 0 && (number & LargeObjectWrite) == 0,
                SqlTokenKind.HexString => Hexadecimal(_sql.Substring(token.Start + 2, token.Length - 3)) is var number
                    && number >= 0 && (number & LargeObjectWrite) == 0,
                SqlTokenKind.Operator => token.Length == 1 && _sql[token.Start] == '|',
                SqlTokenKind.OpenParen or SqlTokenKind.CloseParen or SqlTokenKind.TypeCast => true,
                SqlTokenKind.Identifier => KeywordAt(i) is SqlKeyword.Cast or SqlKeyword.As or SqlKeyword.Int or SqlKeyword.Integer or SqlKeyword.Int4,
                _ => false,
            };
            if (!harmless)
                return true;
        }

        return false;
    }

    /// <summary>Decimal or <c>0x…</c>; -1 for the rest.</summary>
    private static long Number(string text)
        => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? Hexadecimal(text.Substring(2))
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static long Hexadecimal(string text)
        => long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
