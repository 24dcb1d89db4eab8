using BookedBarber.Appointments;
using CompileTimeRouting;
using CompileTimeRouting.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace BookedBarber.EntityFramework;

/// <summary>The repository of the appointments once more, by EF Core: the cores take the context, and the shims lend one.</summary>
public sealed partial class AppointmentContextRepository(RoutedDbContextFactory<BookingContext> contexts)
{
    [ReadQuery]
    public partial Task<Appointment?> FindAsync(long id, CancellationToken ct = default);

    private static Task<Appointment?> FindAsync(BookingContext db, long id, CancellationToken ct) =>
        Witness(db.Bookings.Where(b => b.Id == id)).FirstOrDefaultAsync(ct);

    // What a client has just booked it finds, though a replica may not have it yet: each request has a session.
    [ReadQuery(Consistency = ReadConsistency.ReadYourWrites)]
    public partial Task<Appointment?> FindOwnAsync(long id, CancellationToken ct = default);

    private static Task<Appointment?> FindOwnAsync(BookingContext db, long id, CancellationToken ct) => FindAsync(db, id, ct);

    // A stream: the context is given back when the enumeration ends.
    [ReadQuery]
    public partial IAsyncEnumerable<Appointment> ListUpcomingAsync(int barberId, DateTimeOffset from, int limit, CancellationToken ct = default);

    private static IAsyncEnumerable<Appointment> ListUpcomingAsync(BookingContext db, int barberId, DateTimeOffset from, int limit) =>
        Witness(db.Bookings
            .Where(b => b.BarberId == barberId && b.StartsAt >= from && b.Status != AppointmentStatus.Cancelled)
            .OrderBy(static b => b.StartsAt)
            .Take(limit)).AsAsyncEnumerable();

    // SQL for what LINQ has no words for, and LINQ on top of it.
    [ReadQuery]
    public partial Task<List<FreeSlot>> FreeSlotsAsync(int barberId, DateTimeOffset opens, DateTimeOffset closes, CancellationToken ct = default);

    private static Task<List<FreeSlot>> FreeSlotsAsync(BookingContext db, int barberId, DateTimeOffset opens, DateTimeOffset closes, CancellationToken ct) =>
        db.Database
            .SqlQuery<DateTimeOffset>($"""
                select slot as "Value"
                from generate_series({opens}, {closes} - interval '30 minutes', interval '30 minutes') as slot
                """)
            .Where(slot => !db.Bookings.Any(b => b.BarberId == barberId && b.StartsAt == slot && b.Status != AppointmentStatus.Cancelled))
            .OrderBy(static slot => slot)
            .Select(static slot => new FreeSlot(slot)
            {
                ServerAddress = ServerFunctions.Host(ServerFunctions.Address()),
                ServerPort = ServerFunctions.Port(),
                InRecovery = ServerFunctions.InRecovery(),
            })
            .ToListAsync(ct);

    // Two statements that stand or fall together.
    [WriteCommand(Transaction = true)]
    public partial Task<Appointment> BookAsync(NewAppointment request, CancellationToken ct = default);

    private static async Task<Appointment> BookAsync(BookingContext db, NewAppointment request, CancellationToken ct)
    {
        var yesterday = DateTimeOffset.UtcNow.AddDays(-1);
        await db.Bookings
            .Where(b => b.CustomerId == request.CustomerId && b.Status == AppointmentStatus.Confirmed && b.StartsAt < yesterday)
            .ExecuteUpdateAsync(static change => change.SetProperty(static b => b.Status, AppointmentStatus.Done), ct);
        var booking = new Booking
        {
            CustomerId = request.CustomerId,
            BarberId = request.BarberId,
            StartsAt = request.StartsAt.ToUniversalTime(),
            Service = request.Service,
            PriceCents = request.PriceCents,
        };
        db.Bookings.Add(booking);
        await db.SaveChangesAsync(ct);
        return await Witness(db.Bookings.Where(b => b.Id == booking.Id)).SingleAsync(ct);
    }

    [WriteCommand]
    public partial Task<Appointment?> SetStatusAsync(long id, AppointmentStatus status, CancellationToken ct = default);

    private static async Task<Appointment?> SetStatusAsync(BookingContext db, long id, AppointmentStatus status, CancellationToken ct)
    {
        if (await db.Bookings.FirstOrDefaultAsync(b => b.Id == id, ct) is not { } booking)
            return null;
        booking.Status = status;
        await db.SaveChangesAsync(ct);
        return await FindAsync(db, id, ct);
    }

    // Without loading the row first.
    [WriteCommand]
    public partial Task<Appointment?> SetNoteAsync(long id, string? note, CancellationToken ct = default);

    private static async Task<Appointment?> SetNoteAsync(BookingContext db, long id, string? note, CancellationToken ct) =>
        await db.Bookings.Where(b => b.Id == id).ExecuteUpdateAsync(change => change.SetProperty(static b => b.Note, note), ct) == 0
            ? null
            : await FindAsync(db, id, ct);

    private static IQueryable<Appointment> Witness(IQueryable<Booking> bookings) => bookings.Select(static b =>
        new Appointment(b.Id, b.CustomerId, b.BarberId, b.StartsAt, b.Service, b.PriceCents, b.Status, b.Note)
        {
            ServerAddress = ServerFunctions.Host(ServerFunctions.Address()),
            ServerPort = ServerFunctions.Port(),
            InRecovery = ServerFunctions.InRecovery(),
        });
}
