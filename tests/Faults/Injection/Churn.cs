using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Faults.Injection;

/// <summary>Updates and vacuums a table on the primary all the time: a standby that reads for long is in its replay's way.</summary>
internal sealed class Churn : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public Churn(PostgresNode primary) => _running = Task.Run(() => RunAsync(primary));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(PostgresNode primary)
    {
        await using var connection = new NpgsqlConnection(primary.AdminConnectionString);
        await connection.OpenAsync();
        while (!_stop.IsCancellationRequested)
        {
            foreach (var sql in new[] { "update churn set n = n + 1", "vacuum churn" })
            {
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync();
            }

            await Task.Delay(Interval);
        }
    }
}
