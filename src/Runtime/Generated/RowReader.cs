using System.ComponentModel;
using System.Globalization;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>What generated bodies need to read rows. Made for them; its members may change with the generator.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RowReader
{
    /// <summary>Finds the column that fills a member. Names are compared without regard to case and underscores.</summary>
    /// <param name="reader">The result.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="method">The routed method, for the message.</param>
    /// <returns>The column's ordinal.</returns>
    /// <exception cref="InvalidOperationException">No column has the name, or several have it.</exception>
    public static int Ordinal(NpgsqlDataReader reader, string member, string method)
    {
        var ordinal = FindOrdinal(reader, member, method);
        return ordinal >= 0
            ? ordinal
            : throw new InvalidOperationException($"{method}: no column fills '{member}'. The result has the columns {Columns(reader)}.");
    }

    /// <summary>Finds the column that fills a member that may do without.</summary>
    /// <param name="reader">The result.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="method">The routed method, for the message.</param>
    /// <returns>The column's ordinal; -1 where there is none.</returns>
    /// <exception cref="InvalidOperationException">Several columns have the name.</exception>
    public static int FindOrdinal(NpgsqlDataReader reader, string member, string method)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(member);
        var found = -1;
        for (var i = 0; i < reader.FieldCount; i++)
        {
            if (!IsSameName(reader.GetName(i), member))
                continue;
            if (found >= 0)
            {
                throw new InvalidOperationException(
                    $"{method}: the columns {Name(found)} and {Name(i)} both fill '{member}'; name the columns in the SQL instead of '*'. " +
                    $"The result has the columns {Columns(reader)}.");
            }

            found = i;
        }

        return found;

        string Name(int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{ordinal + 1} ('{reader.GetName(ordinal)}')");
    }

    /// <summary>Checks the number of columns where they are read by position.</summary>
    /// <param name="reader">The result.</param>
    /// <param name="count">The number that the result type has room for.</param>
    /// <param name="method">The routed method, for the message.</param>
    /// <exception cref="InvalidOperationException">The result has another number of columns.</exception>
    public static void CheckColumns(NpgsqlDataReader reader, int count, string method)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.FieldCount != count)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{method}: the result type has room for {count} column(s), and the result has {reader.FieldCount}: {Columns(reader)}."));
        }
    }

    /// <summary>The exception for a result that must have a row and has none.</summary>
    /// <param name="method">The routed method.</param>
    /// <returns>The exception to throw.</returns>
    public static InvalidOperationException NoRow(string method) =>
        new($"{method}: exactly one row was expected, and the result has none. Where that is a case of its own, let the method return a nullable type.");

    /// <summary>The exception for a result that has room for one row and has more.</summary>
    /// <param name="method">The routed method.</param>
    /// <returns>The exception to throw.</returns>
    public static InvalidOperationException ManyRows(string method) =>
        new($"{method}: no more than one row was expected, and the result has at least two. Narrow the SQL down to one row, or let the method return a list.");

    private static bool IsSameName(string column, string member)
    {
        int c = 0, m = 0;
        while (true)
        {
            while (c < column.Length && column[c] == '_')
                c++;
            while (m < member.Length && member[m] == '_')
                m++;
            if (c == column.Length || m == member.Length)
                return c == column.Length && m == member.Length;
            if (char.ToUpperInvariant(column[c++]) != char.ToUpperInvariant(member[m++]))
                return false;
        }
    }

    private static string Columns(NpgsqlDataReader reader)
    {
        var names = new string[reader.FieldCount];
        for (var i = 0; i < names.Length; i++)
            names[i] = $"'{reader.GetName(i)}'";
        return names.Length == 0 ? "(none)" : string.Join(", ", names);
    }
}
