using CompileTimeRouting.AspNetCore.Tests.Hosting;
using CompileTimeRouting.DevCluster;
using Npgsql;

[assembly: AssemblyFixture(typeof(WebCluster))]

namespace CompileTimeRouting.AspNetCore.Tests.Hosting;

/// <summary>A primary and two standbys that tests share; none of them stops a node, and each leaves them as they were.</summary>
public sealed class WebCluster : IAsyncLifetime
{
    private PostgresCluster? _nodes;

    public PostgresCluster Nodes => _nodes!;

    public async ValueTask InitializeAsync() => _nodes = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_nodes is not null)
            await _nodes.DisposeAsync();
    }

    /// <summary>Servers for a test that breaks some.</summary>
    public static async Task<PostgresCluster> StartAsync(int replicas = 2)
    {
        var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = replicas });
        await using (var connection = new NpgsqlConnection(cluster.Primary.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("create table notes (id bigint generated always as identity primary key, text text not null)", connection);
            await command.ExecuteNonQueryAsync();
        }

        await cluster.WaitUntilCaughtUpAsync();
        return cluster;
    }
}
