namespace BookedBarber.Appointments;

public enum AppointmentStatus : short
{
    Booked = 0,
    Confirmed = 1,
    Done = 2,
    Cancelled = 3,
}

public sealed record Appointment(
    long Id, long CustomerId, int BarberId, DateTimeOffset StartsAt, string Service, int PriceCents, AppointmentStatus Status, string? Note) : Witnessed;

public sealed record NewAppointment(long CustomerId, int BarberId, DateTimeOffset StartsAt, string Service, int PriceCents);

public sealed record FreeSlot(DateTimeOffset StartsAt) : Witnessed;
