using CompileTimeRouting.Roslyn.Models;
using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>Finds the method parameter for each parameter of the SQL, and the SQL parameter for each one of the method.</summary>
internal static class ParameterBinder
{
    /// <summary>Binds them.</summary>
    /// <param name="reading">The statement.</param>
    /// <param name="sql">The SQL with positional parameters.</param>
    public static EquatableArray<StatementParameter> Bind(StatementReading reading, out string sql)
    {
        var places = new List<int>();
        var indexes = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < reading.Method.Parameters.Count; i++)
        {
            if (reading.Method.Parameters[i].IsCancellationToken)
                continue;
            places.Add(i);

            // Of two that differ in case only the exact one is looked for first.
            var name = NameOf(reading.Method.Parameters[i]);
            if (!indexes.ContainsKey(name))
                indexes.Add(name, i);
        }

        var found = SqlParameters.Find(reading.Sql, indexes.ContainsKey);
        sql = found.Rewrite();
        if (found.Error != SqlParameterError.None)
        {
            BreakUnusable(reading, found);
            return EquatableArray<StatementParameter>.Empty;
        }

        var bound = found.Names.Count > 0 ? Named(reading, found, indexes) : Positional(reading, found, places);
        foreach (var place in places)
        {
            if (!bound.Contains(place))
                reading.Break(RuleIds.MethodParameterUnused, StatementPlace.Parameter, place, 0, NameOf(reading.Method.Parameters[place]));
        }

        return Values(reading, bound);
    }

    private static List<int> Named(StatementReading reading, SqlParameters found, Dictionary<string, int> indexes)
    {
        var bound = new List<int>();
        foreach (var name in found.Names)
        {
            if (Exact(reading.Method, name) is { } exact)
                bound.Add(exact);
            else if (indexes.TryGetValue(name, out var index))
                bound.Add(index);
            else
                BreakMissing(reading, found.All.First(p => p.Name == name));
        }

        return bound;
    }

    private static int? Exact(RoutedMethod method, string name)
    {
        for (var i = 0; i < method.Parameters.Count; i++)
        {
            if (!method.Parameters[i].IsCancellationToken && NameOf(method.Parameters[i]) == name)
                return i;
        }

        return null;
    }

    private static List<int> Positional(StatementReading reading, SqlParameters found, List<int> places)
    {
        if (found.Count > places.Count)
            BreakMissing(reading, found.All.First(p => p.Ordinal > places.Count));
        return places.GetRange(0, Math.Min(found.Count, places.Count));
    }

    private static EquatableArray<StatementParameter> Values(StatementReading reading, List<int> bound)
    {
        var values = new List<StatementParameter>(bound.Count);
        foreach (var index in bound)
        {
            var parameter = reading.Method.Parameters[index];
            if (PostgresTypes.Map(parameter.ClrType!) is { } value)
                values.Add(new StatementParameter(parameter.Name, value));
            else
                reading.Break(RuleIds.UnmappedType, StatementPlace.Parameter, index, 0, TypeNames.Short(parameter.Type));
        }

        return values;
    }

    private static void BreakMissing(StatementReading reading, SqlParameter parameter) => reading.Break(
        RuleIds.SqlParameterMissing,
        StatementPlace.Sql,
        parameter.Start,
        parameter.Length,
        reading.Sql.Substring(parameter.Start, parameter.Length));

    private static void BreakUnusable(StatementReading reading, SqlParameters found)
    {
        var (place, reason) = found.Error switch
        {
            SqlParameterError.Mixed => (
                found.All.First(p => p.Name is null != found.All[0].Name is null),
                "it mixes '$n' with '@name'"),
            SqlParameterError.OrdinalGap => (
                found.All.First(p => p.Ordinal == found.Count),
                $"it uses '${found.Count}' but not every number below"),
            _ => (found.All.First(static p => p.Ordinal <= 0), "a parameter's number is between 1 and 65535"),
        };
        reading.Break(RuleIds.UnusableSql, StatementPlace.Sql, place.Start, place.Length, reason);
    }

    private static string NameOf(RoutedParameter parameter) => parameter.Name.TrimStart('@');
}
