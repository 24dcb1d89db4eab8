namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>A place in the row's type, and the column that fills it.</summary>
/// <param name="Member">The name of the member, not escaped.</param>
/// <param name="Value">How the column is read.</param>
/// <param name="Ordinal">The column's ordinal; <see cref="LookedUp"/> or <see cref="MayBeMissing"/> where only the server knows it.</param>
/// <param name="IsInitOnly">Whether it can be set in an object initializer only.</param>
internal sealed record StatementColumn(string Member, StatementValue Value, int Ordinal, bool IsInitOnly)
{
    /// <summary>The column is found by its name when the statement has run.</summary>
    public const int LookedUp = -1;

    /// <summary>The same, and where there is none the member keeps its default.</summary>
    public const int MayBeMissing = -2;
}
