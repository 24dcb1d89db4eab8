using System.Text;

namespace CompileTimeRouting.Sql;

/// <summary>
/// Reads JSON by RFC 8259, no comments, trailing commas or names given twice. An analyzer brings no DLL along, so it has a
/// reader of its own. Throws nothing: the first mistake is in <see cref="Error"/>.
/// </summary>
internal sealed class CatalogJsonReader
{
    /// <summary>The catalog's format needs six; the stack of an IDE's thread is small.</summary>
    private const int MaxDepth = 64;

    private readonly string _text;
    private int _position;
    private int _depth;

    private CatalogJsonReader(string text) => _text = text;

    /// <summary>What is wrong and at which offset; null when nothing is.</summary>
    public (string Message, int Offset)? Error { get; private set; }

    /// <summary>The value that a text is, or null and the error.</summary>
    public static CatalogJson? Read(string text, out (string Message, int Offset)? error)
    {
        var reader = new CatalogJsonReader(text);
        // Roslyn's SourceText leaves a byte order mark out, a string may hold one.
        if (text.Length > 0 && text[0] == '\uFEFF')
            reader._position = 1;
        var value = reader.Value();
        if (value is not null)
        {
            reader.SkipSpace();
            if (reader._position < text.Length)
                value = reader.Fail("Nothing may follow the value");
        }

        error = reader.Error;
        return value;
    }

    private CatalogJson? Value()
    {
        SkipSpace();
        var start = _position;
        switch (Peek())
        {
            case '{':
                return Nested(Object);
            case '[':
                return Nested(Array);
            case '"':
                return String() is { } text ? new CatalogJson(CatalogJsonKind.String, start) { Text = text } : null;
            case '-' or (>= '0' and <= '9'):
                return Number();
            default:
                return Literal("null", CatalogJsonKind.Null) ?? Literal("true", CatalogJsonKind.True) ?? Literal("false", CatalogJsonKind.False)
                    ?? Fail(_position < _text.Length ? "A value should stand here" : "The text ends where a value should stand");
        }
    }

    private CatalogJson? Nested(Func<CatalogJson?> read)
    {
        if (_depth >= MaxDepth)
            return Fail("Values are nested too deeply");
        _depth++;
        var value = read();
        _depth--;
        return value;
    }

    private CatalogJson? Object()
    {
        var value = new CatalogJson(CatalogJsonKind.Object, _position++);
        var names = new HashSet<string>(StringComparer.Ordinal);
        SkipSpace();
        if (Accept('}'))
            return value;
        while (true)
        {
            SkipSpace();
            var start = _position;
            if (Peek() != '"')
                return Fail("A name in quotes should stand here");
            if (String() is not { } name)
                return null;
            if (!names.Add(name))
                return Fail($"The name \"{name}\" is given twice", start);
            SkipSpace();
            if (!Accept(':'))
                return Fail("A colon should stand here");
            if (Value() is not { } member)
                return null;
            value.Members.Add(new KeyValuePair<string, CatalogJson>(name, member));
            SkipSpace();
            if (Accept('}'))
                return value;
            if (!Accept(','))
                return Fail("A comma or } should stand here");
        }
    }

    private CatalogJson? Array()
    {
        var value = new CatalogJson(CatalogJsonKind.Array, _position++);
        SkipSpace();
        if (Accept(']'))
            return value;
        while (true)
        {
            if (Value() is not { } item)
                return null;
            value.Items.Add(item);
            SkipSpace();
            if (Accept(']'))
                return value;
            if (!Accept(','))
                return Fail("A comma or ] should stand here");
        }
    }

    private string? String()
    {
        var start = _position++;
        var text = new StringBuilder();
        while (_position < _text.Length)
        {
            var c = _text[_position];
            if (c == '"')
            {
                _position++;
                return text.ToString();
            }

            if (c < ' ')
            {
                Fail("A control character in a string must be escaped");
                return null;
            }

            if (c != '\\')
                text.Append(c);
            else if (Escape() is { } escaped)
                text.Append(escaped);
            else
                return null;
            _position++;
        }

        Fail("A string isn't closed", start);
        return null;
    }

    /// <summary>From the backslash to the last character of its escape.</summary>
    private char? Escape()
    {
        var start = _position++;
        switch (Peek())
        {
            case '"' or '\\' or '/':
                return Peek();
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when Unit(_position + 1) is { } unit:
                _position += 4;
                return unit;
            default:
                Fail("A backslash begins no escape that JSON has", start);
                return null;
        }
    }

    private char? Unit(int start)
    {
        var value = 0;
        for (var i = start; i < start + 4; i++)
        {
            var c = i < _text.Length ? _text[i] : '\0';
            var digit = c switch
            {
                >= '0' and <= '9' => c - '0',
                >= 'a' and <= 'f' => c - 'a' + 10,
                >= 'A' and <= 'F' => c - 'A' + 10,
                _ => -1,
            };
            if (digit < 0)
                return null;
            value = (value << 4) | digit;
        }

        return (char)value;
    }

    private CatalogJson? Number()
    {
        var start = _position;
        Accept('-');
        if (!Accept('0') && !Digits())
            return Fail("A digit should stand here");
        if (Accept('.') && !Digits())
            return Fail("A digit should stand here");
        if (Accept('e') || Accept('E'))
        {
            if (!Accept('+'))
                Accept('-');
            if (!Digits())
                return Fail("A digit should stand here");
        }

        return new CatalogJson(CatalogJsonKind.Number, start) { Text = _text.Substring(start, _position - start) };
    }

    private bool Digits()
    {
        var start = _position;
        while (Peek() is >= '0' and <= '9')
            _position++;
        return _position > start;
    }

    private CatalogJson? Literal(string word, CatalogJsonKind kind)
    {
        if (string.CompareOrdinal(_text, _position, word, 0, word.Length) != 0)
            return null;
        var value = new CatalogJson(kind, _position);
        _position += word.Length;
        return value;
    }

    private void SkipSpace()
    {
        while (Peek() is ' ' or '\t' or '\n' or '\r')
            _position++;
    }

    private char Peek() => _position < _text.Length ? _text[_position] : '\0';

    private bool Accept(char c)
    {
        if (Peek() != c)
            return false;
        _position++;
        return true;
    }

    /// <summary>Always null.</summary>
    private CatalogJson? Fail(string message, int? offset = null)
    {
        Error ??= (message, offset ?? _position);
        return null;
    }
}
