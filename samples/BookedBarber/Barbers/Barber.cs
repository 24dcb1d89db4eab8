namespace BookedBarber.Barbers;

public sealed record Barber : Witnessed
{
    public int Id { get; init; }

    public string Name { get; init; } = "";

    public string Shop { get; init; } = "";

    public string Specialty { get; init; } = "";
}
