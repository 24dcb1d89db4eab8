using CompileTimeRouting.Sql;
using Npgsql;

namespace CompileTimeRouting.Tool.Catalog;

/// <summary>What <see cref="CatalogQueries.Functions"/> says of a function.</summary>
internal sealed record FunctionRow
{
    public required string Schema { get; init; }

    public required string Name { get; init; }

    public required SqlCatalogFunctionKind Kind { get; init; }

    public required SqlCatalogVolatility Volatility { get; init; }

    public required string Language { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required int Defaults { get; init; }

    public required bool IsVariadic { get; init; }

    /// <summary>The body as a string; of a C function the name of its symbol.</summary>
    public required string Source { get; init; }

    /// <summary>The body of an SQL-standard function, as the server prints it.</summary>
    public required string? SqlBody { get; init; }

    public required bool IsOfExtension { get; init; }

    /// <summary>The functions that an aggregate consists of.</summary>
    public required IReadOnlyList<SqlObjectName> AggregateCalls { get; init; }

    public required IReadOnlyList<string> SearchPath { get; init; }

    public static FunctionRow Read(NpgsqlDataReader row) => new()
    {
        Schema = row.GetString(0),
        Name = row.GetString(1),
        Kind = CatalogCodes.FunctionKind(row.GetString(2)),
        Volatility = CatalogCodes.Volatility(row.GetString(3)),
        Language = row.GetString(4),
        Arguments = row.GetFieldValue<string[]>(5),
        Defaults = row.GetInt32(6),
        IsVariadic = row.GetBoolean(7),
        Source = row.IsDBNull(8) ? "" : row.GetString(8),
        SqlBody = row.IsDBNull(9) ? null : row.GetString(9),
        SearchPath = row.IsDBNull(10) ? [] : CatalogBodies.SearchPath(row.GetFieldValue<string[]>(10)),
        IsOfExtension = row.GetBoolean(11),
        AggregateCalls = [.. row.GetFieldValue<string[]>(12).Select(static n => SqlCatalogWords.Name(n)).OfType<SqlObjectName>()],
    };
}
