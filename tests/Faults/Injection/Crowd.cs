using System.Collections.Concurrent;
using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Faults.Injection;

/// <summary>Another application that takes every connection a server has: what is left is for superusers.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const string Name = "crowd";
    private const int Pushing = 8;

    private readonly ConcurrentBag<NpgsqlConnection> _connections = [];
    private readonly CancellationTokenSource _leave = new();
    private readonly string _connectionString;
    private readonly PostgresNode _node;
    private Task _pushing = Task.CompletedTask;
    private bool _hasLeft;

    private Crowd(PostgresNode node)
    {
        _node = node;
        _connectionString = new NpgsqlConnectionStringBuilder(node.ConnectionString) { Pooling = false, ApplicationName = Name }.ConnectionString;
    }

    /// <summary>Takes what is free now.</summary>
    public static async Task<Crowd> GatherAsync(PostgresNode node)
    {
        var crowd = new Crowd(node);
        await Task.WhenAll(Enumerable.Range(0, Pushing).Select(_ => crowd.FillAsync()));
        return crowd;
    }

    /// <summary>Ends the sessions of all others and takes their places; returns when no other has any.</summary>
    public async Task TakeAllAsync()
    {
        // Whoever comes back now finds the server full.
        _pushing = Task.WhenAll(Enumerable.Range(0, Pushing).Select(_ => Task.Run(KeepFullAsync)));
        while (await _node.ExecuteAsAdminAsync(
            $"""
            select count(pg_terminate_backend(pid)) from pg_stat_activity
            where application_name <> '{Name}' and backend_type = 'client backend' and usename <> current_user
            """) is not 0L)
        {
            await Task.Delay(10);
        }
    }

    /// <summary>Gives all places back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_hasLeft)
            return;
        _hasLeft = true;
        await _leave.CancelAsync();
        await _pushing;
        while (_connections.TryTake(out var connection))
            await connection.DisposeAsync();
        _leave.Dispose();
    }

    private async Task KeepFullAsync()
    {
        while (!_leave.IsCancellationRequested)
        {
            await FillAsync();
            await Task.Delay(5);
        }
    }

    private async Task FillAsync()
    {
        while (!_leave.IsCancellationRequested)
        {
            var connection = new NpgsqlConnection(_connectionString);
            try
            {
                await connection.OpenAsync();
                _connections.Add(connection);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await connection.DisposeAsync();
                return;
            }
        }
    }
}
