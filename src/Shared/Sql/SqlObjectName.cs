namespace CompileTimeRouting.Sql;

/// <summary>The name of a table or function as the server folds it, and where it stands.</summary>
internal readonly struct SqlObjectName
{
    public SqlObjectName(string? schema, string name, int start, int length)
    {
        Schema = schema;
        Name = name;
        Start = start;
        Length = length;
    }

    /// <summary>Null when the search path decides.</summary>
    public string? Schema { get; }

    public string Name { get; }

    public int Start { get; }

    public int Length { get; }

    public bool IsSame(in SqlObjectName other)
        => string.Equals(Name, other.Name, StringComparison.Ordinal) && string.Equals(Schema, other.Schema, StringComparison.Ordinal);

    /// <summary>Quoted where it must be.</summary>
    public override string ToString() => Schema is null ? Quote(Name) : Quote(Schema) + "." + Quote(Name);

    private static string Quote(string name)
    {
        var plain = name.Length > 0 && SqlCharacters.IsIdentifierStart(name[0]) && !SqlKeywords.IsReserved(name);
        foreach (var c in name)
            plain &= SqlCharacters.IsIdentifierPart(c) && c is < 'A' or > 'Z';
        return plain ? name : "\"" + name.Replace("\"", "\"\"") + "\"";
    }
}
