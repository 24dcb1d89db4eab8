using System.Globalization;
using CompileTimeRouting.DevCluster;
using CompileTimeRouting.Faults.Injection;
using Npgsql;

namespace CompileTimeRouting.Faults.Load;

/// <summary>
/// Writes the time of the run into the first primary, some fifty times a second. Answers hold what their server has of it,
/// so their age is known without a clock of a server.
/// </summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _beating;

    public Heartbeat(PostgresCluster cluster, RunClock clock) => _beating = Task.Run(() => BeatAsync(cluster.Primary, clock));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _beating;
        _stop.Dispose();
    }

    private async Task BeatAsync(PostgresNode primary, RunClock clock)
    {
        // Not pooled and with a short limit: it stops with its server and goes on with it. A server that hangs isn't left one
        // connect after the other: it would have to answer all of them before anybody else's.
        var settings = new NpgsqlConnectionStringBuilder(primary.AdminConnectionString) { Pooling = false, Timeout = 60, CommandTimeout = 1 };
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(settings.ConnectionString);
                await connection.OpenAsync(_stop.Token);
                while (true)
                {
                    await using var command = new NpgsqlCommand(
                        string.Create(CultureInfo.InvariantCulture, $"update beat set at = {(long)clock.Now.TotalMilliseconds}"), connection);
                    await command.ExecuteNonQueryAsync(_stop.Token);
                    await Task.Delay(Interval, _stop.Token);
                }
            }
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
            {
                if (!_stop.IsCancellationRequested)
                    await Task.Delay(Interval);
            }
        }
    }
}
