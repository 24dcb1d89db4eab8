namespace CompileTimeRouting.Sql;

/// <summary>Names in order of first occurrence, each once.</summary>
internal sealed class SqlNameSet
{
    private HashSet<(string?, string)>? _known;

    public List<SqlObjectName> Names { get; } = new();

    public void Add(in SqlObjectName name)
    {
        if ((_known ??= new()).Add((name.Schema, name.Name)))
            Names.Add(name);
    }

    public void Clear()
    {
        Names.Clear();
        _known?.Clear();
    }
}
