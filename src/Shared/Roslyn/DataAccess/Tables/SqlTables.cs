using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Roslyn.DataAccess.Tables;

/// <summary>The tables of a text. With a catalog those behind views too, and those that a write comes to: triggers, rules, foreign keys, partitions.</summary>
internal static class SqlTables
{
    /// <param name="text">What the text does.</param>
    /// <param name="catalog">What the database says of its views and tables.</param>
    public static TableAccess Of(SqlEffects text, SqlCatalog? catalog)
    {
        var tables = new TableSet();
        foreach (var statement in text.Statements)
        {
            foreach (var name in statement.Reads)
            {
                if (Known(name) is { } table)
                    tables.Read(table);
            }

            foreach (var name in statement.Writes)
            {
                if (Known(name) is not { } table)
                    continue;
                tables.Write(table);
                if (catalog is null)
                    continue;
                foreach (var reached in catalog.WritesThrough(name, Events(statement)))
                    tables.Write(new TableName(reached.Schema, reached.Name));
            }
        }

        return tables.ToAccess();
    }

    /// <summary>The names of a list as <see cref="Render"/> writes it.</summary>
    public static EquatableArray<TableName> Parse(string list)
    {
        var tables = new List<TableName>();
        string? schema = null, name = null;
        foreach (var token in new SqlLexer(list))
        {
            if (SqlIdentifier.IsIdentifier(token.Kind))
            {
                name = SqlIdentifier.Name(list, token);
            }
            else if (token.Kind == SqlTokenKind.Dot)
            {
                (schema, name) = (name, null);
            }
            else if (token.Kind == SqlTokenKind.Comma)
            {
                Take();
            }
        }

        Take();
        return tables;

        void Take()
        {
            if (name is not null)
                tables.Add(new TableName(schema, name));
            (schema, name) = (null, null);
        }
    }

    /// <summary>The names, quoted where they must be, with commas between them.</summary>
    public static string Render(EquatableArray<TableName> tables) => string.Join(", ", tables.Select(static t => t.ToString()));

    // A hole may stand for a name, or a part of one; for a schema it leaves the table known.
    private static TableName? Known(in SqlObjectName name)
    {
        if (name.Name.Length == 0 || name.Name.Contains(SqlText.Placeholder))
            return null;
        return new TableName(name.Schema?.Contains(SqlText.Placeholder) == true ? null : name.Schema, name.Name);
    }

    // What a statement does to one of its tables isn't told apart.
    private static SqlWriteEvents Events(SqlStatementEffects statement)
    {
        var events = SqlWriteEvents.None;
        foreach (var effect in statement.Effects)
        {
            events |= effect.Kind switch
            {
                SqlEffectKind.Insert or SqlEffectKind.CopyFrom or SqlEffectKind.SelectInto => SqlWriteEvents.Insert,
                SqlEffectKind.Update => SqlWriteEvents.Update,
                SqlEffectKind.Delete => SqlWriteEvents.Delete,
                SqlEffectKind.Truncate => SqlWriteEvents.Truncate,
                SqlEffectKind.Merge or SqlEffectKind.DataModifyingWith or SqlEffectKind.WritingRoutine or SqlEffectKind.UnknownRoutine => SqlWriteEvents.All,
                _ => SqlWriteEvents.None,
            };
        }

        return events == SqlWriteEvents.None ? SqlWriteEvents.All : events;
    }
}
