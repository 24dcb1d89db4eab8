namespace CompileTimeRouting.Sql;

/// <summary>An item of a select list, VALUES row or RETURNING list.</summary>
internal readonly struct ResultColumn
{
    public ResultColumn(string? name, int start, int length, bool isStar)
    {
        Name = name;
        Start = start;
        Length = length;
        IsStar = isStar;
    }

    /// <summary>
    /// The column's name as the server reports it; null for a star and where only the catalog knows, as in
    /// <c>(select * from t)</c>.
    /// </summary>
    public string? Name { get; }

    public int Start { get; }

    /// <summary>The length of expression and alias.</summary>
    public int Length { get; }

    /// <summary><c>*</c>, <c>t.*</c>, <c>(row).*</c>: any number of columns.</summary>
    public bool IsStar { get; }
}
