using CompileTimeRouting.Roslyn.Models;

namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>How a row is read.</summary>
/// <param name="Kind">What it becomes.</param>
/// <param name="Type">The type it becomes.</param>
/// <param name="Arguments">The scalar's only column, the tuple's elements or the arguments of the constructor.</param>
/// <param name="HasNamedArguments">Whether the constructor has optional parameters without a column, so that the arguments need names.</param>
/// <param name="Settable">The members that are set.</param>
/// <param name="ColumnsToCheck">The number of columns that is only known when the statement has run; 0 where there is nothing to check.</param>
internal sealed record StatementRow(
    RowKind Kind,
    TypeRef Type,
    EquatableArray<StatementColumn> Arguments,
    bool HasNamedArguments,
    EquatableArray<StatementColumn> Settable,
    int ColumnsToCheck);
