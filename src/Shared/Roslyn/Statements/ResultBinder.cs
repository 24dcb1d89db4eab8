using CompileTimeRouting.Roslyn.Models;
using CompileTimeRouting.Sql;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>Finds the place of each column in the result, and the column for each place.</summary>
internal static class ResultBinder
{
    /// <summary>Binds them.</summary>
    /// <param name="reading">The statement.</param>
    /// <param name="list">Its columns.</param>
    public static (StatementExecution Execution, StatementRow? Row) Bind(StatementReading reading, SelectList list)
    {
        if (reading.Result.Row is not { } row)
            return (StatementExecution.Nothing, null);
        if (list.ReturnsRows != false)
            return (StatementExecution.Rows, row.Kind == RowKind.Object ? ReadObject(reading, row, list) : ReadByPosition(reading, row, list));
        if (IsRowCount(reading.Result, row))
            return (StatementExecution.RowsAffected, null);
        Mismatch(reading, row, StatementPlace.Return, default, "the statement returns no rows, only their number, as int or long");
        return (StatementExecution.Nothing, null);
    }

    private static bool IsRowCount(ResultShape result, RowShape row) =>
        result.Cardinality == ResultCardinality.One && row.Kind == RowKind.Scalar &&
        row.Type is { EnumUnderlyingType: null, SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 };

    private static StatementRow? ReadByPosition(StatementReading reading, RowShape row, SelectList list)
    {
        var places = row.Kind == RowKind.Tuple
            ? row.Arguments
            : new EquatableArray<RowMember>([new RowMember("", row.Type, IsRequired: true, IsInitOnly: false)]);
        var named = list.Items.Count(static i => !i.IsStar);
        if (list.State == SelectListState.Known ? named != places.Count : named > places.Count)
        {
            Mismatch(
                reading,
                row,
                named > places.Count ? StatementPlace.Sql : StatementPlace.Return,
                named > places.Count ? list.Items.Where(static i => !i.IsStar).ElementAt(places.Count) : default,
                $"the statement has {Count(named, "column")}, and the result has room for {Count(places.Count, "column")}");
            return null;
        }

        var columns = new List<StatementColumn>(places.Count);
        for (var i = 0; i < places.Count; i++)
        {
            if (Column(reading, places[i], i) is { } column)
                columns.Add(column);
        }

        var columnsToCheck = list.State == SelectListState.Known ? 0 : places.Count;
        return new StatementRow(row.Kind, row.Type, columns, false, EquatableArray<StatementColumn>.Empty, columnsToCheck);
    }

    private static StatementRow? ReadObject(StatementReading reading, RowShape row, SelectList list)
    {
        var names = new ColumnNames(list);
        if (names.Twice is { } twice)
        {
            Mismatch(reading, row, StatementPlace.Sql, twice.Item, $"the columns '{twice.First.Name}' and '{twice.Item.Name}' have one place");
            return null;
        }

        var missing = new List<string>();
        var arguments = Fill(row.Arguments, isSettable: false);
        var settable = Fill(row.Settable, isSettable: true);
        foreach (var column in names.Left)
            Mismatch(reading, row, StatementPlace.Sql, column, $"the column '{column.Name}' has no place");
        if (missing.Count > 0)
            Mismatch(reading, row, StatementPlace.Return, default, $"no column fills {string.Join(", ", missing.Select(static m => $"'{m}'"))}");
        return new StatementRow(RowKind.Object, row.Type, arguments, arguments.Count < row.Arguments.Count, settable, 0);

        List<StatementColumn> Fill(EquatableArray<RowMember> members, bool isSettable)
        {
            var columns = new List<StatementColumn>(members.Count);
            foreach (var member in members)
            {
                // Nobody means a column for a member of another type, where none is named and it needs none.
                var canBeHidden = !names.IsComplete && (member.IsRequired || PostgresTypes.Map(member.Type) is not null);
                var ordinal = names.Take(member.Name) ?? (canBeHidden ? Unknown(member, isSettable) : null);
                if (ordinal is { } known)
                {
                    if (Column(reading, member, known) is { } column)
                        columns.Add(column);
                }
                else if (member.IsRequired)
                {
                    missing.Add(member.Name);
                }
            }

            return columns;
        }
    }

    // Behind a star any column can be. Where there is none for a member, it keeps its default; one that must be set when
    // the object is made would lose it, unless that is null.
    private static int Unknown(RowMember member, bool isSettable) =>
        isSettable && !member.IsRequired && (!member.IsInitOnly || member.Type.IsNullable) ? StatementColumn.MayBeMissing : StatementColumn.LookedUp;

    private static StatementColumn? Column(StatementReading reading, RowMember member, int ordinal)
    {
        if (PostgresTypes.Map(member.Type) is { } value)
            return new StatementColumn(member.Name, value, ordinal, member.IsInitOnly);
        reading.Break(RuleIds.UnmappedType, StatementPlace.Return, 0, 0, TypeNames.Short(member.Type.Name));
        return null;
    }

    private static void Mismatch(StatementReading reading, RowShape row, StatementPlace place, ResultColumn column, string reason) =>
        reading.Break(RuleIds.ResultColumnMismatch, place, column.Start, column.Length, TypeNames.Short(row.Type.Name), reason);

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
