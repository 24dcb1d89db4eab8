using CompileTimeRouting.DevCluster;
using Npgsql;

namespace CompileTimeRouting.Faults.Load;

/// <summary>How clients reach the nodes of a cluster: directly, or each through a pgbouncer of its own.</summary>
internal sealed class Entrances : IAsyncDisposable
{
    private const int ServersOfEach = 8;

    private readonly List<PgBouncer> _poolers = [];
    private readonly Dictionary<PostgresNode, string> _connectionStrings = [];

    private Entrances()
    {
    }

    /// <summary>Whether a pooler stands before each node.</summary>
    public bool ArePooled => _poolers.Count > 0;

    /// <param name="cluster">The nodes.</param>
    /// <param name="pooled">Whether to put a pgbouncer before each.</param>
    /// <param name="configure">Changes every connection string.</param>
    public static async Task<Entrances> OpenAsync(PostgresCluster cluster, bool pooled, Action<NpgsqlConnectionStringBuilder>? configure)
    {
        var entrances = new Entrances();
        try
        {
            foreach (var node in cluster.Nodes)
            {
                var way = node.ConnectionString;
                if (pooled)
                {
                    // Its default is to let 15 seconds pass before it tries a server again that it couldn't log in to.
                    var pooler = await PgBouncer.StartBeforeAsync(node, ServersOfEach, default, "server_login_retry = 1");
                    entrances._poolers.Add(pooler);
                    way = pooler.ConnectionString(node);
                }

                var settings = new NpgsqlConnectionStringBuilder(way);
                configure?.Invoke(settings);
                entrances._connectionStrings.Add(node, settings.ConnectionString);
            }

            return entrances;
        }
        catch
        {
            await entrances.DisposeAsync();
            throw;
        }
    }

    /// <summary>The way to a node.</summary>
    public string To(PostgresNode node) => _connectionStrings[node];

    /// <summary>The way to all, for the driver's own data source of several hosts.</summary>
    public NpgsqlConnectionStringBuilder ToAll(PostgresCluster cluster)
    {
        var settings = new NpgsqlConnectionStringBuilder(To(cluster.Primary))
        {
            // The driver's reset between two uses would reach whatever server the pooler gives next.
            NoResetOnClose = ArePooled,
        };
        settings.Remove("Port");
        settings.Host = string.Join(',', cluster.Nodes.Select(n => new NpgsqlConnectionStringBuilder(To(n))).Select(static s => $"{s.Host}:{s.Port}"));
        return settings;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pooler in _poolers)
            await pooler.DisposeAsync();
    }
}
