using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Integration.Runtime;
using Npgsql;

[assembly: AssemblyFixture(typeof(RoutedCluster))]

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>A primary and two standbys that the tests of this folder share; none of them stops a node.</summary>
public sealed class RoutedCluster : IAsyncLifetime
{
    private PostgresCluster? _cluster;

    public PostgresCluster Nodes => _cluster!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 2 });
        await ExecuteAsync("create table notes (id bigint generated always as identity primary key, text text not null)");
        await _cluster.WaitUntilCaughtUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    public RoutingOptions Options(int replicas = 2) => new()
    {
        Primary = Nodes.Primary.ConnectionString,
        Replicas = [.. Nodes.Replicas.Take(replicas).Select(r => new ReplicaOptions { ConnectionString = r.ConnectionString })],
    };

    public RoutedDataSource Open(int replicas = 2) => RoutedDataSource.Create(Options(replicas));

    /// <summary>A connection string of the primary with one keyword changed.</summary>
    public string Primary(Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(Nodes.Primary.ConnectionString);
        change(settings);
        return settings.ConnectionString;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Nodes.Primary.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

internal static class Sql
{
    public static async Task<object?> ScalarAsync(this NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>What a routed read finds: the node's name and the number of notes with the text.</summary>
    public static async Task<(string Node, long Count)> CountAsync(this RoutedDataSource source, string text)
    {
        await using var lease = await source.OpenReadAsync();
        await using var command = new NpgsqlCommand("select count(*) from notes where text = $1", lease.Connection) { Parameters = { new() { Value = text } } };
        return (lease.NodeName, (long)(await command.ExecuteScalarAsync())!);
    }

    public static async Task<string> WriteAsync(this RoutedDataSource source, string text)
    {
        await using var lease = await source.OpenWriteAsync();
        await using var command = new NpgsqlCommand("insert into notes (text) values ($1)", lease.Connection) { Parameters = { new() { Value = text } } };
        await command.ExecuteNonQueryAsync();
        return lease.NodeName;
    }
}
