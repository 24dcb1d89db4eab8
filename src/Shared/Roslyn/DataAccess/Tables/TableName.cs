using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Roslyn.DataAccess.Tables;

/// <summary>A table as the server names it.</summary>
/// <param name="Schema">Null where the search path decides.</param>
/// <param name="Name">The folded name.</param>
internal readonly record struct TableName(string? Schema, string Name)
{
    /// <summary>Whether both may be the same table: without a schema a name may mean any schema's.</summary>
    public bool MayBe(TableName other) =>
        string.Equals(Name, other.Name, StringComparison.Ordinal) &&
        (Schema is null || other.Schema is null || string.Equals(Schema, other.Schema, StringComparison.Ordinal));

    /// <summary>Quoted where it must be.</summary>
    public override string ToString() => new SqlObjectName(Schema, Name, 0, 0).ToString();
}
