using CompileTimeRouting;
using Npgsql;

namespace BookedBarber.Appointments;

/// <summary>Generated bodies and plain Npgsql side by side.</summary>
public sealed partial class AppointmentRepository(RoutedDataSource db)
{
    private const string Columns =
        "id, customer_id, barber_id, starts_at, service, price_cents, status, note, " + Witnessed.Columns;

    [ReadQuery($"select {Columns} from appointments where id = @id")]
    public partial Task<Appointment?> FindAsync(long id, CancellationToken ct = default);

    // What a client has just booked it finds, though a replica may not have it yet: each request has a session.
    [ReadQuery($"select {Columns} from appointments where id = @id", Consistency = ReadConsistency.ReadYourWrites)]
    public partial Task<Appointment?> FindOwnAsync(long id, CancellationToken ct = default);

    // A stream: the connection is given back when the enumeration ends.
    [ReadQuery($"""
        select {Columns} from appointments
        where barber_id = @barberId and starts_at >= @from and status <> 3
        order by starts_at
        limit @limit
        """)]
    public partial IAsyncEnumerable<Appointment> ListUpcomingAsync(
        int barberId, DateTimeOffset from, int limit, CancellationToken ct = default);

    [ReadQuery($"""
        select slot as starts_at, {Witnessed.Columns}
        from generate_series(@opens, @closes - interval '30 minutes', interval '30 minutes') as slot
        where not exists (
            select from appointments a where a.barber_id = @barberId and a.starts_at = slot and a.status <> 3)
        order by slot
        """)]
    public partial Task<List<FreeSlot>> FreeSlotsAsync(
        int barberId, DateTimeOffset opens, DateTimeOffset closes, CancellationToken ct = default);

    // Two statements that stand or fall together.
    [WriteCommand(Transaction = true)]
    public partial Task<Appointment> BookAsync(NewAppointment request, CancellationToken ct = default);

    private static async Task<Appointment> BookAsync(NpgsqlConnection connection, NewAppointment request, CancellationToken ct)
    {
        await using var retire = new NpgsqlCommand(
            "update appointments set status = 2 where customer_id = $1 and status = 1 and starts_at < now() - interval '1 day'", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = request.CustomerId } },
        };
        await retire.ExecuteNonQueryAsync(ct);

        await using var insert = new NpgsqlCommand(
            $"insert into appointments (customer_id, barber_id, starts_at, service, price_cents, status) values ($1, $2, $3, $4, $5, 0) returning {Columns}",
            connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = request.CustomerId },
                new NpgsqlParameter<int> { TypedValue = request.BarberId },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = request.StartsAt.ToUniversalTime() },
                new NpgsqlParameter<string> { TypedValue = request.Service },
                new NpgsqlParameter<int> { TypedValue = request.PriceCents },
            },
        };
        await using var reader = await insert.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new Appointment(
            reader.GetInt64(0), reader.GetInt64(1), reader.GetInt32(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetString(4),
            reader.GetInt32(5), (AppointmentStatus)reader.GetInt16(6), await reader.IsDBNullAsync(7, ct) ? null : reader.GetString(7))
        {
            ServerAddress = reader.GetString(8),
            ServerPort = reader.GetInt32(9),
            InRecovery = reader.GetBoolean(10),
        };
    }

    [WriteCommand($"update appointments set status = @status where id = @id returning {Columns}")]
    public partial Task<Appointment?> SetStatusAsync(long id, AppointmentStatus status, CancellationToken ct = default);

    [WriteCommand($"update appointments set note = @note where id = @id returning {Columns}")]
    public partial Task<Appointment?> SetNoteAsync(long id, string? note, CancellationToken ct = default);
}
