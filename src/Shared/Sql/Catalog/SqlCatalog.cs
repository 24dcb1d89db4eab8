using System.Collections.Concurrent;

namespace CompileTimeRouting.Sql;

/// <summary>
/// What a database says of its own functions, views, rules, triggers and tables: the content of one or more
/// <c>*.routing-catalog.json</c> files. Immutable, and safe to ask from many threads.
/// </summary>
internal sealed partial class SqlCatalog
{
    /// <summary>The format that is read and written.</summary>
    public const int CurrentVersion = 1;

    private readonly Dictionary<string, List<SqlCatalogFunction>> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<SqlCatalogRelation>> _relations = new(StringComparer.Ordinal);
    private readonly Dictionary<SqlCatalogFunction, SqlCatalogVerdict> _functionVerdicts = new();
    private readonly Dictionary<SqlCatalogRelation, SqlCatalogVerdict> _relationVerdicts = new();
    private readonly Dictionary<string, SqlCatalogVerdict> _operators = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqlCatalogVerdict> _attributes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqlCatalogVerdict> _selections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<object, SqlCatalogReach> _reach = new();

    public SqlCatalog(
        IReadOnlyList<string> searchPath,
        IReadOnlyList<SqlCatalogFunction> functions,
        IReadOnlyList<SqlCatalogRelation> relations,
        IReadOnlyList<SqlCatalogOperator> operators,
        IReadOnlyList<SqlCatalogEnum> enums)
    {
        SearchPath = searchPath;
        Functions = functions;
        Relations = relations;
        Operators = operators;
        Enums = enums;
        foreach (var function in functions)
            Add(_functions, function.Name, function);
        foreach (var relation in relations)
            Add(_relations, relation.Name, relation);
        Judge();
        FindOperators();
        FindAttributes();
        FindReferences();
    }

    /// <summary>Where names without a schema are looked up, in this order.</summary>
    public IReadOnlyList<string> SearchPath { get; }

    public IReadOnlyList<SqlCatalogFunction> Functions { get; }

    public IReadOnlyList<SqlCatalogRelation> Relations { get; }

    public IReadOnlyList<SqlCatalogOperator> Operators { get; }

    public IReadOnlyList<SqlCatalogEnum> Enums { get; }

    /// <summary>The catalog that a file holds, or what is wrong with it. Throws nothing.</summary>
    /// <param name="json">The whole text of a <c>*.routing-catalog.json</c>.</param>
    public static SqlCatalogParse Parse(string json) => SqlCatalogReader.Read(json);

    /// <summary>One catalog of several databases or schemas; null of none. What two of them define counts as both say.</summary>
    public static SqlCatalog? Merge(IReadOnlyList<SqlCatalog> catalogs) => catalogs.Count switch
    {
        0 => null,
        1 => catalogs[0],
        _ => new SqlCatalog(
            catalogs.SelectMany(c => c.SearchPath).Distinct().ToList(),
            catalogs.SelectMany(c => c.Functions).ToList(),
            catalogs.SelectMany(c => c.Relations).ToList(),
            catalogs.SelectMany(c => c.Operators).ToList(),
            catalogs.SelectMany(c => c.Enums).ToList()),
    };

    /// <summary>
    /// The functions and procedures that a name can mean, of any arguments. Without a schema those on the search path;
    /// where it has none, those of all schemas, because the session's path may be another.
    /// </summary>
    public IReadOnlyList<SqlCatalogFunction> FindFunctions(in SqlObjectName name) => FindFunctions(name, SearchPath);

    /// <summary>The tables and views that a name can mean: one, unless it is on no search path or in several catalogs.</summary>
    public IReadOnlyList<SqlCatalogRelation> FindRelations(in SqlObjectName name) => FindRelations(name, SearchPath);

    /// <summary>The name with its schema, when the catalog has such a table or view; for comparing names of two texts.</summary>
    public SqlObjectName Resolve(in SqlObjectName name)
    {
        var found = name.Schema is null ? FindRelations(name) : [];
        return found.Count == 1 ? new SqlObjectName(found[0].Schema, found[0].Name, name.Start, name.Length) : name;
    }

    /// <summary>What calling a function comes to, with all that it calls and reads.</summary>
    /// <param name="function">One of <see cref="Functions"/>, or one made of a text, as of a DO block.</param>
    public SqlCatalogVerdict Verdict(SqlCatalogFunction function)
        => _functionVerdicts.TryGetValue(function, out var verdict) ? verdict : Judge(function);

    /// <summary>What reading a table or view of this catalog comes to.</summary>
    public SqlCatalogVerdict Verdict(SqlCatalogRelation relation) => _relationVerdicts[relation];

    /// <summary>What an operator's function does, when it is one that belongs on the primary.</summary>
    internal SqlCatalogVerdict? OperatorVerdict(string name) => _operators.TryGetValue(name, out var verdict) ? verdict : null;

    /// <summary>What a function does that is called as a column of its table is, when it belongs on the primary: <c>t.f</c> for <c>f(t)</c>.</summary>
    /// <param name="name">The function's.</param>
    /// <param name="ofAnyValue">Its argument needn't be a row: <c>(1).f</c> for <c>f(1)</c>.</param>
    internal SqlCatalogVerdict? AttributeVerdict(string name, bool ofAnyValue)
        => (ofAnyValue ? _selections : _attributes).TryGetValue(name, out var verdict) ? verdict : null;

    /// <summary>No operator and no column needs a look.</summary>
    internal bool HasPlainExpressions => _operators.Count == 0 && _attributes.Count == 0 && _selections.Count == 0;

    /// <summary>As a statement would name it: without the schema where the search path finds it.</summary>
    internal SqlObjectName Display(SqlCatalogRelation relation, int start, int length)
    {
        var found = FindRelations(new SqlObjectName(null, relation.Name, 0, 0));
        var isVisible = found.Count == 1 && ReferenceEquals(found[0], relation) && SearchPath.Contains(relation.Schema);
        return new SqlObjectName(isVisible ? null : relation.Schema, relation.Name, start, length);
    }

    private List<SqlCatalogFunction> FindFunctions(in SqlObjectName name, IReadOnlyList<string> path)
        => Find(_functions, name, path, static f => f.Schema, all: true);

    private List<SqlCatalogRelation> FindRelations(in SqlObjectName name, IReadOnlyList<string> path)
        => Find(_relations, name, path, static r => r.Schema, all: false);

    /// <param name="named">What has names.</param>
    /// <param name="name">The one looked for.</param>
    /// <param name="path">The schemas to look in.</param>
    /// <param name="schema">Where a thing is.</param>
    /// <param name="all">Overloads come from all schemas of the path, a table from the first that has it.</param>
    private static List<T> Find<T>(
        Dictionary<string, List<T>> named, in SqlObjectName name, IReadOnlyList<string> path, Func<T, string> schema, bool all)
    {
        if (!named.TryGetValue(name.Name, out var candidates))
            return new List<T>();
        if (name.Schema is { } wanted)
            return candidates.FindAll(c => schema(c) == wanted);

        var visible = new List<T>();
        foreach (var place in path)
        {
            visible.AddRange(candidates.Where(c => schema(c) == place));
            if (visible.Count > 0 && !all)
                break;
        }

        return visible.Count > 0 ? visible : candidates;
    }

    private static void Add<T>(Dictionary<string, List<T>> named, string name, T value)
    {
        if (!named.TryGetValue(name, out var list))
            named.Add(name, list = new List<T>());
        list.Add(value);
    }
}
