using BookedBarber.Appointments;

namespace BookedBarber.Database;

/// <summary>
/// The data set of the sample: the same people, shops and bookings in every run; dates are counted from the day of the run,
/// so that there is always a past to report on and a future to book.
/// </summary>
internal sealed class SampleData(DateOnly today)
{
    public const int Customers = 24_000;
    public const int Barbers = 64;
    public const int Appointments = 240_000;

    private const int Seed = 20_240_601;
    private const int DaysBack = 540;
    private const int DaysAhead = 45;
    private const int SlotsADay = 18; // 09:00 to 18:00, half hours

    private static readonly string[] FirstNames =
    [
        "Adam", "Aisha", "Alba", "Andrei", "Anna", "Ben", "Bruno", "Carla", "Chen", "Clara", "Dario", "David", "Elena", "Emil", "Eva",
        "Farid", "Felix", "Grace", "Hanna", "Hugo", "Ines", "Ivan", "Jana", "Jonas", "Julia", "Karim", "Kofi", "Lara", "Leon", "Lucia",
        "Malik", "Marta", "Max", "Mei", "Milan", "Nadia", "Nils", "Nora", "Olga", "Omar", "Paula", "Pavel", "Petra", "Priya", "Rafael",
        "Rosa", "Samir", "Sara", "Sven", "Tara", "Theo", "Tomas", "Vera", "Victor", "Yara", "Yusuf", "Zoe",
    ];

    private static readonly string[] LastNames =
    [
        "Almeida", "Andersen", "Bauer", "Bianchi", "Borg", "Cohen", "Costa", "Dubois", "Dvorak", "Eriksen", "Farah", "Fischer", "Garcia",
        "Haas", "Hansen", "Horvat", "Ibrahim", "Jansen", "Kaya", "Keller", "Khan", "Kowalski", "Larsen", "Lehmann", "Lopez", "Martin",
        "Mbeki", "Meyer", "Moreau", "Murphy", "Nagy", "Nguyen", "Novak", "Okafor", "Olsen", "Papadopoulos", "Patel", "Petrov", "Popescu",
        "Quinn", "Ricci", "Romero", "Rossi", "Santos", "Schmid", "Silva", "Singh", "Suzuki", "Tanaka", "Torres", "Varga", "Weber", "Wolf",
        "Yilmaz", "Zhang", "Zimmer",
    ];

    private static readonly string[] Cities = ["Aarhus", "Basel", "Bilbao", "Bologna", "Brno", "Ghent", "Graz", "Lyon", "Porto", "Utrecht"];
    private static readonly string[] Shops = ["Old Town", "Harbour", "Station", "Market", "University", "Park", "Bridge", "Museum"];
    private static readonly string[] Specialties = ["fades", "classic cuts", "beards", "colour", "long hair", "children"];

    private static readonly (string Name, int PriceCents)[] Services =
    [
        ("haircut", 3_200), ("haircut and beard", 4_800), ("beard trim", 1_900), ("hot towel shave", 2_900), ("colour", 7_500),
        ("children's cut", 2_200),
    ];

    private readonly DateTimeOffset _midnight = new(today, TimeOnly.MinValue, TimeSpan.Zero);

    public IEnumerable<(string Name, string Email, string City, DateOnly JoinedOn)> CustomerRows()
    {
        var random = new Random(Seed);
        for (var id = 1; id <= Customers; id++)
        {
            var first = Pick(random, FirstNames);
            var last = Pick(random, LastNames);
            yield return (
                $"{first} {last}",
                $"{first}.{last}.{id}@example.com".ToLowerInvariant(),
                Pick(random, Cities),
                today.AddDays(-random.Next(1, 1_500)));
        }
    }

    public static IEnumerable<(string Name, string Shop, string Specialty)> BarberRows()
    {
        var random = new Random(Seed + 1);
        for (var i = 0; i < Barbers; i++)
            yield return ($"{Pick(random, FirstNames)} {Pick(random, LastNames)}", Shops[i % Shops.Length], Pick(random, Specialties));
    }

    /// <summary>Bookings spread over barbers, days and slots without two in one slot; about a third of all slots.</summary>
    public IEnumerable<(long CustomerId, int BarberId, DateTimeOffset StartsAt, string Service, int PriceCents, AppointmentStatus Status)> AppointmentRows()
    {
        var random = new Random(Seed + 2);
        const int slots = (DaysBack + DaysAhead) * SlotsADay * Barbers;
        var left = Appointments;
        for (var slot = 0; slot < slots && left > 0; slot++)
        {
            // Selection sampling: exactly as many as wanted, evenly spread, in order of time.
            if (random.Next(slots - slot) >= left)
                continue;
            left--;
            var day = (slot / (SlotsADay * Barbers)) - DaysBack;
            var half = slot / Barbers % SlotsADay;
            var startsAt = _midnight.AddDays(day).AddHours(9).AddMinutes(30 * half);
            var (service, price) = Services[random.Next(Services.Length)];
            var cancelled = random.Next(20) == 0;
            var status = (cancelled, past: day < 0) switch
            {
                (true, _) => AppointmentStatus.Cancelled,
                (_, true) => AppointmentStatus.Done,
                _ => random.Next(3) == 0 ? AppointmentStatus.Booked : AppointmentStatus.Confirmed,
            };
            yield return (random.Next(Customers) + 1, (slot % Barbers) + 1, startsAt, service, price, status);
        }
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
