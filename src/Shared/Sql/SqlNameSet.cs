namespace CompileTimeRouting.Sql;

/// <summary>Names in order of first occurrence, each once.</summary>
internal sealed class SqlNameSet
{
    /// <summary>Up to here looking through the list is faster than hashing.</summary>
    private const int FewNames = 12;

    private HashSet<(string?, string)>? _known;

    public List<SqlObjectName> Names { get; } = new();

    public void Add(in SqlObjectName name)
    {
        if (Names.Count < FewNames)
        {
            foreach (var known in Names)
            {
                if (known.IsSame(name))
                    return;
            }

            Names.Add(name);
            return;
        }

        if (Names.Count == FewNames)
        {
            _known ??= new();
            foreach (var known in Names)
                _known.Add((known.Schema, known.Name));
        }

        if (_known!.Add((name.Schema, name.Name)))
            Names.Add(name);
    }

    public void Clear()
    {
        Names.Clear();
        _known?.Clear();
    }
}
