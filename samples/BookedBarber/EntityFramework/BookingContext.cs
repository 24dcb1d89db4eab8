using BookedBarber.Appointments;
using Microsoft.EntityFrameworkCore;

namespace BookedBarber.EntityFramework;

/// <summary>One context class for reads and writes. No connection string anywhere: the factory puts it on the node of the call.</summary>
public sealed class BookingContext(DbContextOptions<BookingContext> options) : DbContext(options)
{
    public DbSet<Booking> Bookings => Set<Booking>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Booking>(booking =>
        {
            booking.ToTable("appointments");
            booking.Property(static b => b.Id).HasColumnName("id");
            booking.Property(static b => b.CustomerId).HasColumnName("customer_id");
            booking.Property(static b => b.BarberId).HasColumnName("barber_id");
            booking.Property(static b => b.StartsAt).HasColumnName("starts_at");
            booking.Property(static b => b.Service).HasColumnName("service");
            booking.Property(static b => b.PriceCents).HasColumnName("price_cents");
            booking.Property(static b => b.Status).HasColumnName("status");
            booking.Property(static b => b.Note).HasColumnName("note");
        });
        ServerFunctions.Map(modelBuilder);
    }
}

/// <summary>A row of <c>appointments</c> that can be changed and saved.</summary>
public sealed class Booking
{
    public long Id { get; set; }

    public long CustomerId { get; set; }

    public int BarberId { get; set; }

    public DateTimeOffset StartsAt { get; set; }

    public string Service { get; set; } = "";

    public int PriceCents { get; set; }

    public AppointmentStatus Status { get; set; }

    public string? Note { get; set; }
}
