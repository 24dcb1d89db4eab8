using CompileTimeRouting;
using Npgsql;

namespace BookedBarber.Reports;

public sealed record RevenueLine(string Shop, string Barber, long Visits, decimal Revenue) : Witnessed;

/// <summary>The kind of query that heats a primary: it belongs on a replica.</summary>
public sealed partial class ReportRepository(RoutedDataSource db)
{
    [ReadQuery]
    public partial Task<List<RevenueLine>> RevenueAsync(DateOnly from, DateOnly until, int top, CancellationToken ct = default);

    private static async Task<List<RevenueLine>> RevenueAsync(
        NpgsqlConnection connection, DateOnly from, DateOnly until, int top, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select b.shop, b.name, count(*), round(sum(a.price_cents) / 100.0, 2), {Witnessed.Columns}
            from appointments a join barbers b on b.id = a.barber_id
            where a.starts_at >= $1 and a.starts_at < $2 and a.status in (1, 2)
            group by b.shop, b.name
            order by 4 desc, 1, 2
            limit $3
            """, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<DateOnly> { TypedValue = from },
                new NpgsqlParameter<DateOnly> { TypedValue = until },
                new NpgsqlParameter<int> { TypedValue = top },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var lines = new List<RevenueLine>();
        while (await reader.ReadAsync(ct))
        {
            lines.Add(new RevenueLine(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetDecimal(3))
            {
                ServerAddress = reader.GetString(4),
                ServerPort = reader.GetInt32(5),
                InRecovery = reader.GetBoolean(6),
            });
        }

        return lines;
    }
}
