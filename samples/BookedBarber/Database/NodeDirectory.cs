using CompileTimeRouting;
using Npgsql;

namespace BookedBarber.Database;

/// <summary>Which server is which: asked of each node by name, so that an answer's address tells who gave it.</summary>
internal sealed class NodeDirectory
{
    private readonly Dictionary<(string? Address, int? Port), string> _names = [];

    public static async Task<NodeDirectory> AskAsync(RoutedDataSource db, CancellationToken ct)
    {
        var directory = new NodeDirectory();
        foreach (var node in db.GetSnapshot().Nodes)
        {
            await using var lease = await db.OpenNodeAsync(node.Name, ct);
            await using var command = new NpgsqlCommand("select host(inet_server_addr()), inet_server_port()", lease.Connection);
            await using var reader = await command.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            directory._names[(
                await reader.IsDBNullAsync(0, ct) ? null : reader.GetString(0),
                await reader.IsDBNullAsync(1, ct) ? null : reader.GetInt32(1))] = node.Name;
        }

        return directory;
    }

    public string NameOf(Witnessed answer) =>
        _names.GetValueOrDefault((answer.ServerAddress, answer.ServerPort), $"{answer.ServerAddress}:{answer.ServerPort}");
}
