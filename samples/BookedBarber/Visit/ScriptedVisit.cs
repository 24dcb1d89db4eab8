using System.Diagnostics;
using System.Globalization;
using BookedBarber.Appointments;
using BookedBarber.Barbers;
using BookedBarber.Customers;
using BookedBarber.Database;
using BookedBarber.EntityFramework;
using BookedBarber.Reports;
using CompileTimeRouting;
using Spectre.Console;

// The visit is there to show eventual reads, right after writes too.
#pragma warning disable CTR201, CTR202

namespace BookedBarber.Visit;

/// <summary>
/// A customer's visit and a manager's report, call by call; then a crowd of readers, to see the shares. Every verdict comes
/// from the servers' own <c>inet_server_port()</c> and <c>pg_is_in_recovery()</c>.
/// </summary>
internal sealed class ScriptedVisit(
    RoutedDataSource db, NodeDirectory nodes, CustomerRepository customers, BarberRepository barbers, AppointmentRepository appointments,
    AppointmentContextRepository byContext, ReportRepository reports)
{
    private const int CrowdReads = 1_000;
    private const double ShareTolerance = 0.02;

    private readonly List<Act> _acts = [];

    /// <param name="weights">Each replica's share of the reads, by name.</param>
    /// <returns>Whether every call went where it belongs.</returns>
    public async Task<bool> RunAsync(IReadOnlyDictionary<string, double> weights, CancellationToken ct)
    {
        await VisitAsync(ct);
        var crowd = await CrowdAsync(ct);
        var actsHold = PrintActs();
        var sharesHold = PrintShares(crowd, weights);
        return actsHold && sharesHold;
    }

    private async Task VisitAsync(CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var opens = new DateTimeOffset(today.AddDays(30), new TimeOnly(9, 0), TimeSpan.Zero);

        var totals = await customers.TotalsAsync(ct);
        Note("customers.Totals", Intent.Read, totals, $"{totals.Customers:N0} customers in {totals.Cities} cities");

        var found = await customers.SearchAsync("Marta N", 20, ct);
        Note("customers.Search", Intent.Read, found[0], $"{found.Count} found");

        var shops = await barbers.ListAsync("Harbour", ct);
        var barber = shops[0];
        Note("barbers.List", Intent.Read, barber, $"{shops.Count} at Harbour");

        var free = await appointments.FreeSlotsAsync(barber.Id, opens, opens.AddHours(9), ct);
        Note("appointments.FreeSlots", Intent.Read, free[0], $"{free.Count} with {barber.Name}");

        var email = string.Create(CultureInfo.InvariantCulture, $"visitor.{Guid.NewGuid():n}@example.com");
        var customer = await customers.RegisterAsync("Vera Visitor", email, "Ghent", ct);
        Note("customers.Register", Intent.Write, customer, $"customer {customer.Id}");

        var booked = await appointments.BookAsync(new NewAppointment(customer.Id, barber.Id, free[0].StartsAt, "haircut", 3_200), ct);
        Note("appointments.Book", Intent.Write, booked, $"appointment {booked.Id}");

        await SeenOnReplicaAsync(booked.Id, ct);

        var confirmed = await appointments.SetStatusAsync(booked.Id, AppointmentStatus.Confirmed, ct);
        Note("appointments.SetStatus", Intent.Write, confirmed!, $"{confirmed!.Status}");

        await using (var unitOfWork = await db.BeginTransactionAsync(ct))
        {
            var second = await appointments.BookAsync(new NewAppointment(customer.Id, barber.Id, free[1].StartsAt, "beard trim", 1_900), ct);
            Note("  in a unit of work: Book", Intent.Write, second, $"appointment {second.Id}");
            var own = await appointments.FindAsync(second.Id, ct)
                ?? throw new InvalidOperationException("A read in the unit of work did not see what was written in it.");
            Note("  in a unit of work: Find", Intent.ReadInUnitOfWork, own, "sees its own booking");
            await unitOfWork.CommitAsync(ct);
        }

        await VisitByContextAsync(customer.Id, barber.Id, opens, free, ct);

        var taught = await barbers.SetSpecialtyAsync(barber.Id, barber.Specialty, ct);
        Note("barbers.SetSpecialty", Intent.Write, taught, taught.Specialty);

        var upcoming = 0;
        await foreach (var appointment in appointments.ListUpcomingAsync(barber.Id, opens, 50, ct))
        {
            if (upcoming++ == 0)
                Note("appointments.ListUpcoming", Intent.Read, appointment, "streamed");
        }

        var revenue = await reports.RevenueAsync(today.AddDays(-365), today, 10, ct);
        Note("reports.Revenue", Intent.Read, revenue[0], $"best: {revenue[0].Barber}, {revenue[0].Revenue:N0} in a year");

        var cancelled = await appointments.SetStatusAsync(booked.Id, AppointmentStatus.Cancelled, ct);
        Note("appointments.SetStatus", Intent.Write, cancelled!, $"{cancelled!.Status}");
    }

    // The same tables by EF Core; in a unit of work both kinds of repository share one transaction.
    private async Task VisitByContextAsync(long customer, int barber, DateTimeOffset opens, List<FreeSlot> free, CancellationToken ct)
    {
        var left = await byContext.FreeSlotsAsync(barber, opens, opens.AddHours(9), ct);
        Note("EF: FreeSlots", Intent.Read, left[0], $"{left.Count} left");

        var booked = await byContext.BookAsync(new NewAppointment(customer, barber, free[2].StartsAt, "shave", 1_500), ct);
        Note("EF: Book", Intent.Write, booked, $"appointment {booked.Id}");

        await foreach (var appointment in byContext.ListUpcomingAsync(barber, opens, 1, ct))
            Note("EF: ListUpcoming", Intent.Read, appointment, "streamed");

        using (db.BeginSession())
        {
            var noted = await byContext.SetNoteAsync(booked.Id, "by the window", ct);
            Note("  in a session: EF SetNote", Intent.Write, noted!, noted!.Note!);
            var own = await byContext.FindOwnAsync(booked.Id, ct);
            Note("  in a session: EF FindOwn", Intent.ReadInSession, own!, own!.Note ?? throw new InvalidOperationException("A session did not see its own note."));
        }

        await using (var unitOfWork = await db.BeginTransactionAsync(ct))
        {
            var moved = await appointments.SetStatusAsync(booked.Id, AppointmentStatus.Confirmed, ct);
            Note("  in a unit of work: SetStatus", Intent.Write, moved!, $"{moved!.Status}");
            var seen = await byContext.FindAsync(booked.Id, ct);
            Note("  in a unit of work: EF Find", Intent.ReadInUnitOfWork, seen!, $"{seen!.Status}");
            await unitOfWork.CommitAsync(ct);
        }

        var cancelled = await byContext.SetStatusAsync(booked.Id, AppointmentStatus.Cancelled, ct);
        Note("EF: SetStatus", Intent.Write, cancelled!, $"{cancelled!.Status}");
    }

    // An eventual read may come before the replica has replayed the write: say how long it took here.
    private async Task SeenOnReplicaAsync(long id, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        Appointment? seen;
        while ((seen = await appointments.FindAsync(id, ct)) is null)
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(10))
                throw new TimeoutException("No replica showed the new appointment within 10 s: is replay paused?");
            await Task.Delay(1, ct);
        }

        Note("appointments.Find", Intent.Read, seen, $"seen {clock.Elapsed.TotalMilliseconds:0.0} ms after the commit");
    }

    private async Task<Dictionary<string, int>> CrowdAsync(CancellationToken ct)
    {
        var shares = new Dictionary<string, int>();
        var random = new Random(7);
        for (var i = 0; i < CrowdReads; i++)
        {
            var customer = await customers.FindAsync(random.Next(SampleData.Customers) + 1, ct)
                ?? throw new InvalidOperationException("A seeded customer is missing.");
            var name = customer.InRecovery ? nodes.NameOf(customer) : "primary";
            shares[name] = shares.GetValueOrDefault(name) + 1;
        }

        return shares;
    }

    private void Note(string call, Intent intent, Witnessed answer, string result) =>
        _acts.Add(new Act(call, intent, nodes.NameOf(answer), answer.InRecovery, result));

    private bool PrintActs()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("call", "intent", "answered by", "in recovery", "", "result");
        foreach (var act in _acts)
        {
            var intent = act.Intent switch { Intent.Read => "read", Intent.Write => "write", _ => "read, own writes" };
            table.AddRow(
                Markup.Escape(act.Call), intent, Markup.Escape(act.Node), act.InRecovery ? "yes" : "no",
                act.WellRouted ? "[green]ok[/]" : "[red]WRONG[/]", Markup.Escape(act.Result));
        }

        AnsiConsole.Write(table);
        return _acts.TrueForAll(static act => act.WellRouted);
    }

    private static bool PrintShares(Dictionary<string, int> crowd, IReadOnlyDictionary<string, double> weights)
    {
        var hold = crowd.Keys.All(weights.ContainsKey);
        var table = new Table().Border(TableBorder.Simple).AddColumns("replica", "weight", "reads", "share", "");
        foreach (var (name, weight) in weights)
        {
            var reads = crowd.GetValueOrDefault(name);
            var share = reads / (double)CrowdReads;
            var ok = Math.Abs(share - weight) <= ShareTolerance;
            hold &= ok;
            table.AddRow(
                Markup.Escape(name), weight.ToString("0.00", CultureInfo.InvariantCulture), reads.ToString("N0", CultureInfo.InvariantCulture),
                share.ToString("0.0 %", CultureInfo.InvariantCulture), ok ? "[green]ok[/]" : "[red]OFF[/]");
        }

        foreach (var (name, reads) in crowd.Where(entry => !weights.ContainsKey(entry.Key)))
            table.AddRow(Markup.Escape(name), "-", reads.ToString("N0", CultureInfo.InvariantCulture), "-", "[red]WRONG[/]");

        AnsiConsole.Write(table);
        return hold;
    }
}
