using System.Text;

namespace CompileTimeRouting.Generator.Emission;

/// <summary>Writes indented lines.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _indent;

    public void Line(string text)
    {
        // Directives and empty lines stand at the margin.
        if (text.Length > 0 && text[0] != '#')
            _text.Append(' ', _indent * 4);
        _text.Append(text).Append('\n');
    }

    public void Line() => Line("");

    public void Open(string header)
    {
        if (header.Length > 0)
            Line(header);
        Line("{");
        _indent++;
    }

    public void Close(string after = "")
    {
        _indent--;
        Line("}" + after);
    }

    public override string ToString() => _text.ToString();
}
