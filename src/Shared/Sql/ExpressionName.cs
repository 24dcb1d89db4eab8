namespace CompileTimeRouting.Sql;

/// <summary>
/// The name that an expression gives its result column, with the strength of <c>FigureColnameInternal</c>
/// (<c>src/backend/parser/parse_target.c</c>): a weak name, a cast's type or CASE, yields to an outer weak one.
/// </summary>
internal readonly struct ExpressionName
{
    private readonly Strength _strength;

    private ExpressionName(string? name, Strength strength, bool isStar = false, bool isSubquery = false)
    {
        Name = name;
        _strength = strength;
        IsStar = isStar;
        IsSubquery = isSubquery;
    }

    private enum Strength : byte
    {
        None,
        Weak,
        Strong,
    }

    /// <summary>All columns of something.</summary>
    public static ExpressionName Star { get; } = new(null, Strength.Strong, isStar: true);

    /// <summary>Null where only the catalog knows, as in <c>(select * from t)</c>, and in an expression that gives no name.</summary>
    public string? Name { get; }

    public bool IsStar { get; }

    /// <summary>Just a query in parentheses.</summary>
    public bool IsSubquery { get; }

    /// <summary>What the server reports: <c>?column?</c> for an expression without a name, null where only the catalog knows.</summary>
    public string? ColumnName => _strength == Strength.None ? "?column?" : Name;

    public static ExpressionName Strong(string name) => new(name, Strength.Strong);

    public static ExpressionName Weak(string name) => new(name, Strength.Weak);

    /// <summary>A scalar subquery is called as its only column, even if that is called <c>?column?</c>.</summary>
    public static ExpressionName Subquery(string? column) => new(column, Strength.Strong, isSubquery: true);

    /// <summary>This name if it is strong, else a weak one.</summary>
    public ExpressionName Or(string weak) => _strength == Strength.Strong ? this : Weak(weak);
}
