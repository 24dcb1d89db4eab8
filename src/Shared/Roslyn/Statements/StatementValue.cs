using CompileTimeRouting.Roslyn.Models;

namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>How a value is sent to PostgreSQL and read from it.</summary>
/// <param name="Type">The type it has in C#.</param>
/// <param name="Wire">The type, not nullable, that Npgsql gets or gives: of the value, or of each one in a collection.</param>
/// <param name="Getter">The reader's method for <paramref name="Wire"/>, where there is one beside <c>GetFieldValue</c>.</param>
/// <param name="Conversion">What to do to get from the one to the other.</param>
/// <param name="DbType">The <c>NpgsqlDbType</c> to send it with; null where Npgsql infers it.</param>
/// <param name="IsTypedByValue">Whether its PostgreSQL type depends on the value, so that a null has none.</param>
internal sealed record StatementValue(
    TypeRef Type,
    string Wire,
    string? Getter,
    ValueConversion Conversion,
    string? DbType,
    bool IsTypedByValue)
{
    /// <summary>Whether it holds many values; <c>byte[]</c> is one.</summary>
    public bool IsCollection { get; init; }
}
