using System.Globalization;

namespace CompileTimeRouting.Sql;

/// <content>Types: a cast is called as its type is in pg_type, not as it is written.</content>
internal sealed partial class SelectListReader
{
    /// <summary><c>Typename</c></summary>
    private bool TypeName(out string name)
    {
        Accept("setof");
        if (!BuiltInType(out name) && !OtherType(out name))
            return false;

        Accept("array");
        while (Kind() == SqlTokenKind.OpenBracket)
        {
            if (!SkipGroup())
                return false;
        }

        return true;
    }

    /// <summary><c>GenericType</c>: the last part of its name.</summary>
    private bool OtherType(out string name)
    {
        name = "";
        if (!SqlIdentifier.IsIdentifier(Kind()) || (Kind() == SqlTokenKind.Identifier && SqlKeywords.IsReserved(Name())))
            return false;

        name = Label();
        while (Kind() == SqlTokenKind.Dot)
        {
            _position++;
            if (!SqlIdentifier.IsIdentifier(Kind()))
                return false;
            name = Label();
        }

        return Kind() != SqlTokenKind.OpenParen || SkipGroup();
    }

    /// <summary>The types that are keywords (<c>Numeric</c>, <c>Bit</c>, <c>Character</c>, <c>ConstDatetime</c>…); doesn't move for another.</summary>
    private bool BuiltInType(out string name)
    {
        name = "";
        if (Kind() != SqlTokenKind.Identifier)
            return false;

        switch (Name())
        {
            case "int" or "integer":
                return Type(1, out name, "int4");
            case "smallint":
                return Type(1, out name, "int2");
            case "bigint":
                return Type(1, out name, "int8");
            case "real":
                return Type(1, out name, "float4");
            case "boolean":
                return Type(1, out name, "bool");
            case "float":
                return Float(out name);
            case "double" when Word("precision", 1):
                return Type(2, out name, "float8");
            case "decimal" or "dec" or "numeric":
                return Type(1, out name, "numeric");
            case "varchar":
                return Type(1, out name, "varchar");
            case "bit":
                return Word("varying", 1) ? Type(2, out name, "varbit") : Type(1, out name, "bit");
            case "character" or "char" or "nchar":
                return Word("varying", 1) ? Type(2, out name, "varchar") : Type(1, out name, "bpchar");
            case "national" when Word("character", 1) || Word("char", 1):
                return Word("varying", 2) ? Type(3, out name, "varchar") : Type(2, out name, "bpchar");
            case "timestamp" or "time":
                return Zoned(out name);
            case "interval":
                name = "interval";
                _position++;
                return IntervalFields();
            default:
                return false;
        }
    }

    /// <summary>Takes the words of a type and its modifiers.</summary>
    private bool Type(int words, out string name, string canonical)
    {
        name = canonical;
        _position += words;
        return Kind() != SqlTokenKind.OpenParen || SkipGroup();
    }

    /// <summary><c>opt_float</c>: up to 24 bits of precision make a float4.</summary>
    private bool Float(out string name)
    {
        var single = Kind(1) == SqlTokenKind.OpenParen
            && Kind(2) == SqlTokenKind.Integer
            && int.TryParse(_tokens[_position + 2].Text(_tokens.Sql), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && bits <= 24;
        return Type(1, out name, single ? "float4" : "float8");
    }

    private bool Zoned(out string name)
    {
        if (!Type(1, out name, Name()))
            return false;
        if ((Word("with") || Word("without")) && Word("time", 1) && Word("zone", 2))
        {
            if (Word("with"))
                name += "tz";
            _position += 3;
        }

        return true;
    }

    /// <summary><c>opt_interval</c>: no word of it can be a bare label.</summary>
    private bool IntervalFields()
    {
        if (Kind() == SqlTokenKind.OpenParen)
            return SkipGroup();
        while (Accept("year") || Accept("month") || Accept("day") || Accept("hour") || Accept("minute") || Accept("second") || Accept("to"))
        {
            if (Word("second", -1) && Kind() == SqlTokenKind.OpenParen)
                return SkipGroup();
        }

        return true;
    }

    /// <summary><c>INTERVAL '1' DAY</c>, <c>INTERVAL(3) '…'</c>; not a column called interval.</summary>
    private bool IntervalLiteral(out ExpressionName name)
    {
        name = ExpressionName.Weak("interval");
        var start = _position;
        _position++;
        if ((Kind() != SqlTokenKind.OpenParen || SkipGroup()) && AcceptString() && IntervalFields())
            return true;
        _position = start;
        return false;
    }

    /// <summary><c>int '1'</c>, <c>timestamp(3) with time zone '…'</c>; not a column called as the type.</summary>
    private bool TypedLiteral(out ExpressionName name)
    {
        name = default;
        var start = _position;
        if (BuiltInType(out var type) && AcceptString())
        {
            name = ExpressionName.Weak(type);
            return true;
        }

        _position = start;
        return false;
    }
}
