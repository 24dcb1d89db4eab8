namespace CompileTimeRouting.Sql;

/// <summary>What a JSON value is.</summary>
internal enum CatalogJsonKind : byte
{
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
}

/// <summary>A JSON value and where it starts.</summary>
internal sealed class CatalogJson
{
    public CatalogJson(CatalogJsonKind kind, int start)
    {
        Kind = kind;
        Start = start;
    }

    public CatalogJsonKind Kind { get; }

    public int Start { get; }

    /// <summary>A string's value, or a number as it is written.</summary>
    public string Text { get; init; } = "";

    /// <summary>An array's values.</summary>
    public List<CatalogJson> Items { get; } = new();

    /// <summary>An object's members, in the order of the text.</summary>
    public List<KeyValuePair<string, CatalogJson>> Members { get; } = new();

    /// <summary>An object's member of that name, or null.</summary>
    public CatalogJson? Member(string name)
    {
        foreach (var member in Members)
        {
            if (member.Key == name)
                return member.Value;
        }

        return null;
    }
}
