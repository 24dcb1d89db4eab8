using System.Globalization;

namespace CompileTimeRouting.Sql;

/// <summary>
/// Makes a catalog of its file's text. Properties that aren't known are passed over, values that aren't are errors. Throws
/// nothing: the first mistake is the answer.
/// </summary>
internal sealed class SqlCatalogReader
{
    private readonly string _text;
    private SqlCatalogError? _error;

    private SqlCatalogReader(string text) => _text = text;

    public static SqlCatalogParse Read(string text)
    {
        var reader = new SqlCatalogReader(text);
        var catalog = CatalogJsonReader.Read(text, out var mistake) is { } root ? reader.Catalog(root) : null;
        if (mistake is { } at)
            reader.Fail(at.Message, at.Offset);
        return reader._error is { } error ? new SqlCatalogParse(error) : new SqlCatalogParse(catalog!);
    }

    private SqlCatalog? Catalog(CatalogJson root)
    {
        if (root.Kind != CatalogJsonKind.Object || root.Member("version") is not { } version)
            return Fail("This is no routing catalog: it has no \"version\". Write one with 'ctr catalog pull'", root.Start);
        if (version.Kind != CatalogJsonKind.Number || version.Text != SqlCatalog.CurrentVersion.ToString(CultureInfo.InvariantCulture))
            return Fail($"The catalog's version is {version.Text}, and only {SqlCatalog.CurrentVersion} is known here: pull it with the same version of the tool and the package", version.Start);
        var searchPath = Strings(root, "searchPath");
        var functions = Objects(root, "functions", Function);
        var relations = Objects(root, "relations", Relation);
        var operators = Objects(root, "operators", Operator);
        var enums = Objects(root, "enums", Enum);
        return _error is null ? new SqlCatalog(searchPath, functions, relations, operators, enums) : null;
    }

    private SqlCatalogFunction Function(CatalogJson json) => new()
    {
        Schema = RequiredText(json, "schema"),
        Name = RequiredText(json, "name"),
        Kind = Word(json, "kind", SqlCatalogWords.FunctionKinds),
        Volatility = Word(json, "volatility", SqlCatalogWords.Volatilities),
        Language = RequiredText(json, "language"),
        Arguments = Strings(json, "arguments"),
        Defaults = Count(json, "defaults"),
        IsVariadic = Flag(json, "variadic"),
        Route = Word(json, "route", SqlCatalogWords.Routes),
        IsRefused = Flag(json, "refused"),
        Reason = Text(json, "reason"),
        Reads = Names(json, "reads"),
        Writes = Names(json, "writes"),
        Calls = Names(json, "calls"),
        SearchPath = Strings(json, "searchPath"),
    };

    private SqlCatalogRelation Relation(CatalogJson json) => new()
    {
        Schema = RequiredText(json, "schema"),
        Name = RequiredText(json, "name"),
        Kind = Word(json, "kind", SqlCatalogWords.RelationKinds),
        IsUnlogged = Flag(json, "unlogged"),
        Route = json.Member("route") is null ? SqlRoute.Replica : Word(json, "route", SqlCatalogWords.Routes),
        IsRefused = Flag(json, "refused"),
        Reason = Text(json, "reason"),
        Reads = Names(json, "reads"),
        Calls = Names(json, "calls"),
        Parents = Names(json, "parents"),
        Columns = Objects(json, "columns", Column),
        Triggers = Objects(json, "triggers", Trigger),
        Rules = Objects(json, "rules", Rule),
        ForeignKeys = Objects(json, "foreignKeys", ForeignKey),
    };

    private SqlCatalogColumn Column(CatalogJson json) => new()
    {
        Name = RequiredText(json, "name"),
        Type = RequiredText(json, "type"),
        IsNotNull = Flag(json, "notNull"),
    };

    private SqlCatalogTrigger Trigger(CatalogJson json) => new()
    {
        Name = RequiredText(json, "name"),
        Events = Events(json),
        Function = RequiredName(json, "function"),
    };

    private SqlCatalogRule Rule(CatalogJson json) => new()
    {
        Name = RequiredText(json, "name"),
        Events = Events(json),
        IsInstead = Flag(json, "instead"),
        IsConditional = Flag(json, "conditional"),
        IsNothing = Flag(json, "nothing"),
        Reads = Names(json, "reads"),
        Writes = Names(json, "writes"),
        Calls = Names(json, "calls"),
    };

    private SqlCatalogForeignKey ForeignKey(CatalogJson json) => new()
    {
        Name = RequiredText(json, "name"),
        Columns = Strings(json, "columns"),
        References = RequiredName(json, "references"),
        OnDelete = Word(json, "onDelete", SqlCatalogWords.Actions),
        OnUpdate = Word(json, "onUpdate", SqlCatalogWords.Actions),
    };

    private SqlCatalogOperator Operator(CatalogJson json) => new()
    {
        Name = RequiredText(json, "name"),
        Function = RequiredName(json, "function"),
    };

    private SqlCatalogEnum Enum(CatalogJson json) => new()
    {
        Schema = RequiredText(json, "schema"),
        Name = RequiredText(json, "name"),
        Labels = Strings(json, "labels"),
    };

    private SqlWriteEvents Events(CatalogJson json)
    {
        var events = SqlWriteEvents.None;
        foreach (var item in Array(json, "events"))
            events |= Word(item, "events", SqlCatalogWords.Events);
        return events;
    }

    private List<T> Objects<T>(CatalogJson json, string name, Func<CatalogJson, T> read)
    {
        var items = Array(json, name);
        var objects = new List<T>(items.Count);
        foreach (var item in items)
        {
            if (item.Kind != CatalogJsonKind.Object)
            {
                Fail($"\"{name}\" holds objects", item.Start);
                break;
            }

            objects.Add(read(item));
            if (_error is not null)
                break;
        }

        return objects;
    }

    private List<string> Strings(CatalogJson json, string name)
    {
        var items = Array(json, name);
        var strings = new List<string>(items.Count);
        foreach (var item in items)
        {
            if (item.Kind == CatalogJsonKind.String)
                strings.Add(item.Text);
            else
                Fail($"\"{name}\" holds strings", item.Start);
        }

        return strings;
    }

    private List<SqlObjectName> Names(CatalogJson json, string property)
    {
        var items = Array(json, property);
        var names = new List<SqlObjectName>(items.Count);
        foreach (var item in items)
        {
            if (item.Kind == CatalogJsonKind.String)
                names.Add(Name(item, property));
            else
                Fail($"\"{property}\" holds strings", item.Start);
        }

        return names;
    }

    private List<CatalogJson> Array(CatalogJson json, string name)
    {
        var value = json.Member(name);
        if (value is null)
            return new List<CatalogJson>();
        if (value.Kind != CatalogJsonKind.Array)
            Fail($"\"{name}\" is an array", value.Start);
        return value.Items;
    }

    private SqlObjectName RequiredName(CatalogJson json, string property)
    {
        RequiredText(json, property);
        return json.Member(property) is { } value ? Name(value, property) : default;
    }

    private SqlObjectName Name(CatalogJson value, string property)
    {
        if (SqlCatalogWords.Name(value.Text) is { } name)
            return name;
        Fail($"\"{property}\" holds names as SQL writes them, and \"{value.Text}\" is none", value.Start);
        return default;
    }

    private string RequiredText(CatalogJson json, string name)
    {
        if (json.Member(name) is null)
            Fail($"\"{name}\" is missing", json.Start);
        return Text(json, name) ?? "";
    }

    private string? Text(CatalogJson json, string name)
    {
        var value = json.Member(name);
        if (value is null)
            return null;
        if (value.Kind != CatalogJsonKind.String)
            Fail($"\"{name}\" is a string", value.Start);
        return value.Text;
    }

    private bool Flag(CatalogJson json, string name)
    {
        var value = json.Member(name);
        if (value is null or { Kind: CatalogJsonKind.False })
            return false;
        if (value.Kind != CatalogJsonKind.True)
            Fail($"\"{name}\" is true or false", value.Start);
        return true;
    }

    private int Count(CatalogJson json, string name)
    {
        var value = json.Member(name);
        if (value is null)
            return 0;
        // A function has at most 100 arguments.
        if (value.Kind == CatalogJsonKind.Number && int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return count;
        Fail($"\"{name}\" is a count", value.Start);
        return 0;
    }

    private T Word<T>(CatalogJson json, string name, IReadOnlyList<(string Word, T Value)> words)
        where T : struct
    {
        var value = json.Kind == CatalogJsonKind.Object ? json.Member(name) : json;
        if (value is null)
        {
            Fail($"\"{name}\" is missing", json.Start);
            return default;
        }

        foreach (var (word, meaning) in words)
        {
            if (value.Kind == CatalogJsonKind.String && value.Text == word)
                return meaning;
        }

        Fail($"\"{name}\" is one of {string.Join(", ", words.Select(w => w.Word))}", value.Start);
        return default;
    }

    /// <summary>Always null.</summary>
    private SqlCatalog? Fail(string message, int offset)
    {
        if (_error is not null)
            return null;
        var line = 1;
        var start = 0;
        for (var i = 0; i < offset && i < _text.Length; i++)
        {
            if (_text[i] == '\n')
            {
                line++;
                start = i + 1;
            }
        }

        _error = new SqlCatalogError(message, line, offset - start + 1);
        return null;
    }
}
