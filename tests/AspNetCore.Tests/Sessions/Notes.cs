namespace CompileTimeRouting.AspNetCore.Tests.Sessions;

/// <summary>Whether a server has a note, and which server that is.</summary>
public sealed record Seen(bool Found, int Port);

internal sealed partial class Notes(RoutedDataSource db)
{
    private const string Exists = "select exists (select from notes where text = @text) as found, inet_server_port() as port";

    [WriteCommand("insert into notes (text) values (@text) returning id")]
    public partial Task<long> AddAsync(string text, CancellationToken ct = default);

    [ReadQuery(Exists, Consistency = ReadConsistency.ReadYourWrites)]
    public partial Task<Seen> FindAsync(string text, CancellationToken ct = default);

    [ReadQuery(Exists)]
    public partial Task<Seen> FindEventuallyAsync(string text, CancellationToken ct = default);

    [ReadQuery(Exists)]
    public partial Seen FindEventually(string text);

    [ReadQuery(Exists, Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 3600)]
    public partial Task<Seen> FindWithinAnHourAsync(string text, CancellationToken ct = default);
}
