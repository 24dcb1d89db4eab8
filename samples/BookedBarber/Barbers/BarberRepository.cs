using CompileTimeRouting;
using Dapper;
using Npgsql;

namespace BookedBarber.Barbers;

/// <summary>Dapper as it was, with a connection that is routed.</summary>
public sealed partial class BarberRepository(RoutedDataSource db)
{
    private const string Columns =
        "id, name, shop, specialty, host(inet_server_addr()) as ServerAddress, inet_server_port() as ServerPort, pg_is_in_recovery() as InRecovery";

    // Declared shim and core of the same name: callers bind to the first, the connection goes to the second.
    [ReadQuery]
    public partial Task<List<Barber>> ListAsync(string? shop = null, CancellationToken ct = default);

    private static async Task<List<Barber>> ListAsync(NpgsqlConnection connection, string? shop, CancellationToken ct) =>
        (await connection.QueryAsync<Barber>(new CommandDefinition(
            $"select {Columns} from barbers where @shop::text is null or shop = @shop order by id", new { shop }, cancellationToken: ct))).AsList();

    // The attribute alone, on a method that already took its connection: the overload without it is generated.
    [WriteCommand]
    public static Task<Barber> SetSpecialtyAsync(NpgsqlConnection connection, int id, string specialty, CancellationToken ct = default) =>
        connection.QuerySingleAsync<Barber>(new CommandDefinition(
            $"update barbers set specialty = @specialty where id = @id returning {Columns}", new { id, specialty }, cancellationToken: ct));
}
