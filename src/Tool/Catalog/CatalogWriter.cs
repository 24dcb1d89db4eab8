using System.Globalization;
using System.Text;
using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Tool.Catalog;

/// <summary>
/// The catalog as the text of its file: the same for the same database, one property a line, so that a change shows as the
/// lines that it changes. What has its default value is left out.
/// </summary>
internal sealed class CatalogWriter
{
    private const int MaxLine = 120;

    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _isFirst = true;

    private CatalogWriter()
    {
    }

    public static string Write(SqlCatalog catalog)
    {
        var writer = new CatalogWriter();
        writer.Object(() =>
        {
            writer.Property("version", SqlCatalog.CurrentVersion.ToString(CultureInfo.InvariantCulture));
            writer.List("searchPath", catalog.SearchPath.Select(Quote), always: true);
            writer.Objects("functions", catalog.Functions, writer.Function);
            writer.Objects("relations", catalog.Relations, writer.Relation);
            writer.List("operators", catalog.Operators.Select(static o => Inline(("name", Quote(o.Name)), ("function", Quote(o.Function.ToString())))), ownLines: true);
            writer.Objects("enums", catalog.Enums, writer.Enum);
        });
        writer._text.Append('\n');
        return writer._text.ToString();
    }

    private void Function(SqlCatalogFunction function)
    {
        Text("schema", function.Schema);
        Text("name", function.Name);
        List("arguments", function.Arguments.Select(Quote));
        if (function.Defaults > 0)
            Property("defaults", function.Defaults.ToString(CultureInfo.InvariantCulture));
        Flag("variadic", function.IsVariadic);
        Text("kind", Word(SqlCatalogWords.FunctionKinds, function.Kind));
        Text("volatility", Word(SqlCatalogWords.Volatilities, function.Volatility));
        Text("language", function.Language);
        Text("route", Word(SqlCatalogWords.Routes, function.Route));
        Flag("refused", function.IsRefused);
        Text("reason", function.Reason);
        Names("reads", function.Reads);
        Names("writes", function.Writes);
        Names("calls", function.Calls);
        List("searchPath", function.SearchPath.Select(Quote));
    }

    private void Relation(SqlCatalogRelation relation)
    {
        Text("schema", relation.Schema);
        Text("name", relation.Name);
        Text("kind", Word(SqlCatalogWords.RelationKinds, relation.Kind));
        Flag("unlogged", relation.IsUnlogged);
        if (relation.Route != SqlRoute.Replica)
            Text("route", Word(SqlCatalogWords.Routes, relation.Route));
        Flag("refused", relation.IsRefused);
        Text("reason", relation.Reason);
        Names("reads", relation.Reads);
        Names("calls", relation.Calls);
        Names("parents", relation.Parents);
        List(
            "columns",
            relation.Columns.Select(static c => Inline(("name", Quote(c.Name)), ("type", Quote(c.Type)), ("notNull", c.IsNotNull ? "true" : null))),
            ownLines: true);
        List(
            "triggers",
            relation.Triggers.Select(static t => Inline(("name", Quote(t.Name)), ("events", Events(t.Events)), ("function", Quote(t.Function.ToString())))),
            ownLines: true);
        Objects("rules", relation.Rules, Rule);
        List(
            "foreignKeys",
            relation.ForeignKeys.Select(static k => Inline(
                ("name", Quote(k.Name)),
                ("columns", "[" + string.Join(", ", k.Columns.Select(Quote)) + "]"),
                ("references", Quote(k.References.ToString())),
                ("onDelete", Quote(Word(SqlCatalogWords.Actions, k.OnDelete))),
                ("onUpdate", Quote(Word(SqlCatalogWords.Actions, k.OnUpdate))))),
            ownLines: true);
    }

    private void Rule(SqlCatalogRule rule)
    {
        Text("name", rule.Name);
        Property("events", Events(rule.Events));
        Flag("instead", rule.IsInstead);
        Flag("conditional", rule.IsConditional);
        Flag("nothing", rule.IsNothing);
        Names("reads", rule.Reads);
        Names("writes", rule.Writes);
        Names("calls", rule.Calls);
    }

    private void Enum(SqlCatalogEnum type)
    {
        Text("schema", type.Schema);
        Text("name", type.Name);
        List("labels", type.Labels.Select(Quote), always: true);
    }

    private void Object(Action write)
    {
        _text.Append('{');
        _depth++;
        _isFirst = true;
        write();
        _depth--;
        NewLine();
        _text.Append('}');
        _isFirst = false;
    }

    private void Objects<T>(string name, IReadOnlyList<T> values, Action<T> write)
    {
        if (values.Count == 0)
            return;
        Begin(name);
        _text.Append('[');
        _depth++;
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0)
                _text.Append(',');
            NewLine();
            Object(() => write(values[i]));
        }

        _depth--;
        NewLine();
        _text.Append(']');
        _isFirst = false;
    }

    private void List(string name, IEnumerable<string> values, bool always = false, bool ownLines = false)
    {
        var items = values.ToList();
        if (items.Count == 0 && !always)
            return;
        Begin(name);
        var line = "[" + string.Join(", ", items) + "]";
        if (items.Count == 0 || (!ownLines && line.Length <= MaxLine))
        {
            _text.Append(line);
            return;
        }

        _text.Append('[');
        _depth++;
        for (var i = 0; i < items.Count; i++)
        {
            NewLine();
            _text.Append(items[i]);
            if (i < items.Count - 1)
                _text.Append(',');
        }

        _depth--;
        NewLine();
        _text.Append(']');
    }

    private void Names(string name, IReadOnlyList<SqlObjectName> names) => List(name, names.Select(static n => Quote(n.ToString())));

    private void Text(string name, string? value)
    {
        if (value is not null)
            Property(name, Quote(value));
    }

    private void Flag(string name, bool value)
    {
        if (value)
            Property(name, "true");
    }

    private void Property(string name, string json)
    {
        Begin(name);
        _text.Append(json);
    }

    private void Begin(string name)
    {
        if (!_isFirst)
            _text.Append(',');
        _isFirst = false;
        NewLine();
        _text.Append('"').Append(name).Append("\": ");
    }

    private void NewLine() => _text.Append('\n').Append(' ', _depth * 2);

    private static string Inline(params (string Name, string? Json)[] properties)
        => "{ " + string.Join(", ", properties.Where(static p => p.Json is not null).Select(static p => $"\"{p.Name}\": {p.Json}")) + " }";

    private static string Events(SqlWriteEvents events)
        => "[" + string.Join(", ", SqlCatalogWords.Events.Where(e => (events & e.Value) != 0).Select(static e => Quote(e.Word))) + "]";

    private static string Word<T>(IReadOnlyList<(string Word, T Value)> words, T value)
        => words.First(w => EqualityComparer<T>.Default.Equals(w.Value, value)).Word;

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (c < ' ')
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
