using System.Net.Sockets;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Consistency.Faults;

/// <summary>One address before several servers: each connection leads to the next of them, as a balancer's does.</summary>
internal sealed class Balancer(PostgresNode node) : TcpRelay(node)
{
    private volatile PostgresNode[] _nodes = [node];
    private int _next = -1;

    public string ConnectionString => Settings.ConnectionString;

    /// <summary>Where connections lead from now on; those that are there stay.</summary>
    public void LeadTo(params PostgresNode[] nodes) => _nodes = nodes;

    protected override void Take(Socket client)
    {
        var nodes = _nodes;
        Lead(client, nodes[(uint)Interlocked.Increment(ref _next) % (uint)nodes.Length]);
    }
}
