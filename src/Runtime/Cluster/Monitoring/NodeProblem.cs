using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// What is wrong with a node, and what to do, in words of its own: the driver's messages can hold parts of a connection
/// string, the server's can't.
/// </summary>
internal static class NodeProblem
{
    public static string StandbyAsPrimary(ClusterNode node) =>
        $"{Address(node)} is a standby and takes no writes, and no configured node is a primary. Name the primary's address in {node.Setting}; after a failover that is another one.";

    public static string OtherCluster(ClusterNode node) =>
        $"{Address(node)} belongs to another cluster: its system identifier differs from the primary's. Name a server of the same cluster in {node.Setting}.";

    public static string Foreign(ClusterNode node, bool isUnclear) =>
        isUnclear ? UnclearCluster(node) : node.ConfiguredRole == NodeRole.Primary ? ReplacedCluster(node) : OtherCluster(node);

    // What the configured primary says counts: it has said something else before.
    private static string ReplacedCluster(ClusterNode node) =>
        $"{Address(node)} belongs to another cluster than before: its system identifier has changed. The new cluster is taken over once this node takes writes and every other one is down or of that cluster, too; or name the former cluster's primary in {node.Setting}.";

    private static string UnclearCluster(ClusterNode node) =>
        $"{Address(node)} belongs to another cluster than other configured nodes do, and the configured primary, which would tell the right one, doesn't answer. Name servers of one cluster: see {node.Setting}.";

    public static string UnknownCluster(ClusterNode node) =>
        $"{Address(node)} takes writes, but doesn't tell which cluster it belongs to, as other nodes do: the role '{node.Username}' may not call pg_control_system(). Grant it EXECUTE on that function, or name a server of the same cluster in {node.Setting}.";

    public static string FormerPrimary(ClusterNode node, uint timeline, uint current) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Address(node)} is a former primary: it takes writes on timeline {timeline}, while the cluster has gone on to timeline {current}. Stop it, then make it a standby (pg_rewind).");

    public static string Diverged(ClusterNode node, uint? timeline, uint current) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Address(node)} doesn't follow the primary: it went on {(timeline is { } own && own != current ? $"along timeline {own}" : "another way")}, while the cluster is on timeline {current}. Rebuild it from the primary (pg_rewind), and check primary_conninfo.");

    public static string SecondPrimary(ClusterNode node, ClusterNode other) =>
        $"{Address(node)} and {Address(other)} both take writes, on the same timeline: which is the primary can't be told. Stop the one that is wrong.";

    public static string SameServer(ClusterNode node, ClusterNode other) =>
        $"{Address(node)} is the same server as {Address(other)} ({other.Setting}). Name the standby's own address in {node.Setting}, or take the entry out.";

    // A standby refuses writes by itself; on a primary the session's default is all there is.
    public static string WritableSessions(ClusterNode node) =>
        $"{Address(node)} doesn't take session settings from the connection's start, so reads on the primary couldn't be " +
        "kept from writing. A pooler in between drops them (pgbouncer: ignore_startup_parameters): set Pooler to PgBouncerTransaction, or connect to the server itself.";

    public static string Lagging(ClusterNode node, TimeSpan? lag, TimeSpan limit, bool isReceiving) => lag is { } known
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{Address(node)} is {known.TotalSeconds:0.0} seconds behind the primary, more than the {limit.TotalSeconds:0.###} seconds of LagThreshold: it gets reads again when it has caught up. Check its replication (pg_stat_wal_receiver) and load.")
        : $"{Address(node)} is an unknown time behind the primary{(isReceiving ? "" : " and receives nothing from it")}: it hasn't come to where the primary stood when this process first asked, and gets reads when it has. " +
          "Check its replication (pg_stat_wal_receiver, primary_conninfo) and load.";

    public static string Describe(ClusterNode node, Exception e, TimeSpan timeout)
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
        PostgresErrorCodes.InsufficientPrivilege when refusal.MessageText.Contains(" function ", StringComparison.Ordinal) =>
            $"{Address(node)} refused the role '{node.Username}': {refusal.MessageText} (42501). Grant the role EXECUTE on it, as every role has by default.",
        PostgresErrorCodes.InsufficientPrivilege => $"{Address(node)} refused the role '{node.Username}': {refusal.MessageText} (42501). Grant it CONNECT on the database '{node.Database}'.",
        PostgresErrorCodes.UndefinedFunction when node.Provider == ServerProvider.Aurora =>
            $"{Address(node)} is no Aurora node: {refusal.MessageText} (42883). Set Provider to Auto or Standard.",
        PostgresErrorCodes.ProtocolViolation when refusal.MessageText.Contains("startup parameter", StringComparison.Ordinal) =>
            $"{Address(node)} refused the session's settings: {refusal.MessageText} (08P01). A pooler in between takes none: set Pooler to PgBouncerTransaction, and take such keywords out of {node.Setting}.",
        PostgresErrorCodes.ProtocolViolation => DescribePooler(node, refusal),
        _ => $"{Address(node)} answered with an error: {refusal.MessageText} ({refusal.SqlState}).",
    };

    private static string DescribePooler(ClusterNode node, PostgresException refusal) => PoolerErrors.KindOf(refusal) switch
    {
        FailureKind.Overload =>
            $"the pooler at {Address(node)} has no connection left: {refusal.MessageText} (08P01). Raise its max_client_conn or default_pool_size, and have probes go past it: PrimaryProbe, Replicas:n:Probe.",
        _ when PoolerErrors.IsRefusal(refusal) =>
            $"the pooler at {Address(node)} refused the login: {refusal.MessageText} (08P01). Correct database, user name or password in {node.Setting}, or the pooler's databases and users.",
        FailureKind.Node => $"the pooler at {Address(node)} has no connection to the server behind it: {refusal.MessageText} (08P01). Check that server, and the pooler's log.",
        _ => $"{Address(node)} answered with an error: {refusal.MessageText} (08P01).",
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

    public static string TimedOut(ClusterNode node, TimeSpan timeout) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Address(node)} did not answer within {timeout.TotalSeconds:0.###} seconds. Check host and port in {node.Setting}, firewalls, and whether the server hangs.");

    private static string Address(ClusterNode node) => NodeConnectionString.HostAndPort(node.Host, node.Port);
}
