using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// Asks one node who it is. What is wrong is told in words of its own: the driver's messages can hold parts of a
/// connection string, the server's can't.
/// </summary>
internal static class NodeCheck
{
    private const string Question =
        "select pg_is_in_recovery(), current_setting('server_version'), current_setting('default_transaction_read_only')";

    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<NodeStatus> RunAsync(ClusterNode node, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        string? problem;
        string? version = null;
        try
        {
            (problem, version) = await WithinAsync(AskAsync(node, limit.Token), limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && !IsFatal(e))
        {
            problem = limit.IsCancellationRequested ? TimedOut(node, timeout) : Describe(node, e, timeout);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        return new NodeStatus(problem is null ? NodeState.Up : NodeState.Down, problem, version, DateTimeOffset.UtcNow, begun);
    }

    // Npgsql heeds a cancellation only once the server has answered its first message; a hung one never does, and the
    // connection's own timeout counts whole seconds. The attempt is left to end by that.
    private static async Task<T> WithinAsync<T>(Task<T> asking, CancellationToken cancellationToken)
    {
        _ = asking.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static bool IsFatal(Exception e) => e is OutOfMemoryException;

    private static async Task<(string? Problem, string Version)> AskAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        var connection = await node.Probe.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using var command = new NpgsqlCommand(Question, connection);
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                var inRecovery = reader.GetBoolean(0);
                return (ProblemOf(node, inRecovery, readOnly: reader.GetString(2) == "on"), reader.GetString(1));
            }
        }
    }

    private static string? ProblemOf(ClusterNode node, bool inRecovery, bool readOnly) => (node.Role, inRecovery) switch
    {
        (NodeRole.Primary, true) => $"{Address(node)} is a standby and takes no writes. Name the primary's address in {node.Setting}; after a failover that is another one.",
        (NodeRole.Replica, false) => $"{Address(node)} is a primary, not a standby: reads on it could see another history of the data. " +
            $"Name the standby's address in {node.Setting}, or make the server a standby again.",

        // A standby refuses writes by itself; here the session's default is all there is.
        (NodeRole.Primary, false) when !readOnly => $"{Address(node)} doesn't take session settings from the connection's start, so reads on the primary couldn't be " +
            "kept from writing. A pooler in between drops them (pgbouncer: ignore_startup_parameters): connect to the server itself, or in session mode with 'options' tracked.",
        _ => null,
    };

    private static string Describe(ClusterNode node, Exception e, TimeSpan timeout)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case PostgresException refusal:
                    return Describe(node, refusal);
                case SocketException socket:
                    return Describe(node, socket, timeout);
                case TimeoutException:
                    return TimedOut(node, timeout);
                case AuthenticationException:
                    return $"{Address(node)}: TLS could not be agreed on, or the server's certificate isn't trusted. Check the SSL mode and the root certificate in {node.Setting}.";
                case OperationCanceledException:
                    return TimedOut(node, timeout);
                case EndOfStreamException:
                    return $"{Address(node)} closed the connection at once. Check that a PostgreSQL server listens there, and its log.";
            }
        }

        if (!node.HasPassword && e is NpgsqlException && e.Message.Contains("password", StringComparison.OrdinalIgnoreCase))
            return $"{Address(node)} asks for a password, but {node.Setting} has none. Add one.";
        return $"{Address(node)}: no session could be opened ({e.GetType().Name}). Check {node.Setting} and the server's log.";
    }

    private static string Describe(ClusterNode node, PostgresException refusal) => refusal.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword => $"{Address(node)} refused the password of the role '{node.Username}' (28P01). Correct user name or password in {node.Setting}.",
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"{Address(node)} refused the login: {refusal.MessageText} (28000). Check the user name in {node.Setting}, that the role exists and may log in, and pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => $"{Address(node)} has no database '{node.Database}' (3D000). Correct the database in {node.Setting}, or create it on the primary.",
        PostgresErrorCodes.TooManyConnections => $"{Address(node)} has no connection left (53300). Lower the pool sizes of the applications that use it, or raise max_connections.",
        PostgresErrorCodes.CannotConnectNow => $"{Address(node)} is starting up or shutting down: {refusal.MessageText} (57P03). Wait until it accepts connections; " +
            "a standby needs hot_standby = on.",
        PostgresErrorCodes.InsufficientPrivilege => $"{Address(node)} refused the role '{node.Username}': {refusal.MessageText} (42501). Grant it CONNECT on the database '{node.Database}'.",
        _ => $"{Address(node)} answered with an error: {refusal.MessageText} ({refusal.SqlState}).",
    };

    private static string Describe(ClusterNode node, SocketException socket, TimeSpan timeout) => socket.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => $"{Address(node)} refused the connection: nothing listens there. Check host and port in {node.Setting}, and that the server runs.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            $"the host name '{node.Host}' could not be resolved. Check it in {node.Setting}, and the name service.",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable =>
            $"{Address(node)}: there is no network route to the host. Check the address in {node.Setting}, and the network.",
        SocketError.TimedOut => TimedOut(node, timeout),
        SocketError.ConnectionReset or SocketError.ConnectionAborted =>
            $"{Address(node)} closed the connection at once. Check that a PostgreSQL server listens there, and its log.",
        SocketError.AddressNotAvailable when node.Host.StartsWith('/') => $"{Address(node)}: there is no such socket. Check the directory and port in {node.Setting}, and that the server runs.",
        _ => $"{Address(node)} could not be reached ({socket.SocketErrorCode}). Check host and port in {node.Setting}, and the network.",
    };

    private static string TimedOut(ClusterNode node, TimeSpan timeout) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Address(node)} did not answer within {timeout.TotalSeconds:0.###} seconds. Check host and port in {node.Setting}, firewalls, and whether the server hangs.");

    private static string Address(ClusterNode node) => NodeConnectionString.HostAndPort(node.Host, node.Port);
}
