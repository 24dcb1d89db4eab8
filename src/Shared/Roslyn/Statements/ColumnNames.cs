using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>
/// The names of the columns, as far as the SQL tells them. They are compared with members' without regard to case and
/// underscores.
/// </summary>
internal sealed class ColumnNames
{
    private readonly Dictionary<string, Column> _columns = new(StringComparer.OrdinalIgnoreCase);

    public ColumnNames(SelectList list)
    {
        IsComplete = list.State == SelectListState.Known;
        var afterStar = false;
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            afterStar |= item.IsStar;
            IsComplete &= item.Name is not null;
            if (item.Name is not { } name)
                continue;
            if (_columns.TryGetValue(Normalise(name), out var first))
                Twice ??= (item, first.Item);
            else
                _columns.Add(Normalise(name), new Column(item, afterStar ? StatementColumn.LookedUp : i));
        }
    }

    /// <summary>Whether every column's name is known.</summary>
    public bool IsComplete { get; }

    /// <summary>Two columns that would fill the same member; null where there are none.</summary>
    public (ResultColumn Item, ResultColumn First)? Twice { get; }

    /// <summary>Takes the column that fills a member.</summary>
    /// <returns>Its ordinal, <see cref="StatementColumn.LookedUp"/> where only the server knows it; null where the SQL names none.</returns>
    public int? Take(string member)
    {
        if (!_columns.TryGetValue(Normalise(member), out var column))
            return null;
        column.IsTaken = true;
        return column.Ordinal;
    }

    /// <summary>The columns that no member took.</summary>
    public IEnumerable<ResultColumn> Left => _columns.Values.Where(static c => !c.IsTaken).Select(static c => c.Item).OrderBy(static i => i.Start);

    private static string Normalise(string name) => name.Replace("_", "");

    private sealed class Column(ResultColumn item, int ordinal)
    {
        public ResultColumn Item { get; } = item;

        public int Ordinal { get; } = ordinal;

        public bool IsTaken { get; set; }
    }
}
