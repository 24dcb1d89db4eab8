using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;

namespace CompileTimeRouting.Integration.Routing;

public sealed record Note(long Id, string Body, int? Stars);

/// <summary>What a server says of itself.</summary>
public sealed record Server(int Port, bool InRecovery)
{
    public const string Columns = "inet_server_port() as port, pg_is_in_recovery() as in_recovery";
}

public interface INotes
{
    Task<Server> ReadServerAsync(CancellationToken ct = default);
}

/// <summary>Declared shims with cores of the same name (form 2), and generated overloads (form 3), in every shape.</summary>
public partial class Notes(RoutedDataSource db) : INotes
{
    private const string ServerSql = "select " + Server.Columns;

    [ReadQuery]
    public partial Task<Server> ReadServerAsync(CancellationToken ct);

    private static Task<Server> ReadServerAsync(NpgsqlConnection connection, CancellationToken ct) => QueryServerAsync(connection, ct);

    [WriteCommand]
    public partial ValueTask<Server> WriteServerAsync(CancellationToken ct = default);

    private static async ValueTask<Server> WriteServerAsync(DbConnection connection, CancellationToken ct) =>
        await QueryServerAsync((NpgsqlConnection)connection, ct);

    [ReadQuery(Consistency = ReadConsistency.Strong)]
    public partial Task<Server> StrongServerAsync();

    private static Task<Server> StrongServerAsync(NpgsqlConnection connection) => QueryServerAsync(connection, default);

    [ReadQuery(Consistency = ReadConsistency.ReadYourWrites)]
    public partial Task<Server> OwnWritesServerAsync();

    private static Task<Server> OwnWritesServerAsync(NpgsqlConnection connection) => QueryServerAsync(connection, default);

    [ReadQuery]
    public static Server ReadServer(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(ServerSql, connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        return new Server(reader.GetInt32(0), reader.GetBoolean(1));
    }

    [WriteCommand]
    public static Server WriteServer(NpgsqlConnection connection) => ReadServer(connection);

    [ReadQuery]
    public partial IAsyncEnumerable<Note> StreamAsync(int atMost, CancellationToken ct = default);

    private static async IAsyncEnumerable<Note> StreamAsync(
        NpgsqlConnection connection, int atMost, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select id, body, stars from notes order by id limit $1", connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = atMost } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return new Note(reader.GetInt64(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetInt32(2));
    }

    [ReadQuery]
    public static async Task<List<Note>> SearchAsync(NpgsqlConnection connection, string word, CancellationToken ct = default) =>
        (await connection.QueryAsync<Note>(new CommandDefinition(
            "select id, body, stars from notes where body like '%' || @word || '%' order by id", new { word }, cancellationToken: ct))).AsList();

    // Reads that write: a replica refuses them, and so does the primary when it serves the read.
#pragma warning disable CTR101
    [ReadQuery(Consistency = ReadConsistency.Strong)]
    public static Task LieOnPrimaryAsync(NpgsqlConnection connection) =>
        connection.ExecuteAsync("insert into notes (body) values ('a lie')");

    [ReadQuery]
    public static Task LieAsync(NpgsqlConnection connection) =>
        connection.ExecuteAsync("insert into notes (body) values ('a lie')");
#pragma warning restore CTR101

    [WriteCommand(Transaction = true)]
    public partial Task<long> AddTwoAsync(string first, string? second, CancellationToken ct = default);

    private static async Task<long> AddTwoAsync(NpgsqlConnection connection, string first, string? second, CancellationToken ct)
    {
        await connection.ExecuteAsync("insert into notes (body) values (@first)", new { first });
        return await connection.ExecuteScalarAsync<long>("insert into notes (body) values (@second) returning id", new { second });
    }

    [WriteCommand(Transaction = true, IsolationLevel = IsolationLevel.Serializable)]
    public partial string IsolationOf();

    private static string IsolationOf(NpgsqlConnection connection) => connection.ExecuteScalar<string>("show transaction_isolation")!;

    private static async Task<Server> QueryServerAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ServerSql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new Server(reader.GetInt32(0), reader.GetBoolean(1));
    }
}

/// <summary>The router comes from the base class.</summary>
public sealed partial class DerivedNotes(RoutedDataSource db) : NotesBase(db)
{
    [ReadQuery("select body from notes where id = @id")]
    public partial Task<string?> BodyAsync(long id, CancellationToken ct = default);
}

public abstract class NotesBase(RoutedDataSource db)
{
    protected RoutedDataSource Db { get; } = db;
}
