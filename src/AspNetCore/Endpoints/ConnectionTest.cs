using System.Diagnostics;
using System.Globalization;
using CompileTimeRouting.AspNetCore.Endpoints.Answers;
using CompileTimeRouting.AspNetCore.Health;
using Npgsql;

namespace CompileTimeRouting.AspNetCore.Endpoints;

/// <summary>Runs a statement on nodes, each by the connection that reads take.</summary>
internal static class ConnectionTest
{
    /// <param name="source">The data source.</param>
    /// <param name="asked">The servers to ask. Where there are none of them, the test has failed: nothing was tested.</param>
    /// <param name="timeout">How long each node has.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public static async Task<ConnectionTestAnswer> RunAsync(RoutedDataSource source, DatabaseType asked, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var cluster = source.GetSnapshot();
        var primary = cluster.PrimaryNode();
        var tests = cluster.Nodes
            .Select(node => (node.Name, Type: node == primary ? DatabaseType.Primary : DatabaseType.Replica))
            .Where(node => asked == DatabaseType.All || node.Type == asked)
            .Select(node => RunAsync(source, node.Name, node.Type, timeout, cancellationToken));
        var results = await Task.WhenAll(tests).ConfigureAwait(false);
        return new ConnectionTestAnswer(asked, results.Length > 0 && results.All(static result => result.Success), results, DateTime.UtcNow);
    }

    private static async Task<NodeTestAnswer> RunAsync(RoutedDataSource source, string node, DatabaseType type, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(timeout);
        string? error = null;
        try
        {
            var lease = await source.OpenNodeAsync(node, end.Token).ConfigureAwait(false);
            await using (lease.ConfigureAwait(false))
            {
                var command = new NpgsqlCommand("select 1", lease.Connection);
                await using (command.ConfigureAwait(false))
                    await command.ExecuteScalarAsync(end.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            error = Word(e, timeout);
        }

        return new NodeTestAnswer(node, type, error is null, Math.Round(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 3), error);
    }

    // What the exceptions say in words may hold addresses and names of users.
    private static string Word(Exception exception, TimeSpan timeout) => exception switch
    {
        PostgresException e => $"refused with SQLSTATE {e.SqlState}",
        OperationCanceledException or TimeoutException or { InnerException: TimeoutException } => string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.###} s"),
        ArgumentException => "no longer a node",
        _ => "unreachable",
    };
}
