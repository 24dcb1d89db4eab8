using System.Runtime.CompilerServices;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// Connections whose session the server ended by a rule for that session alone (<c>idle_session_timeout</c>): they are broken,
/// and the node isn't. Safe for use by many threads.
/// </summary>
internal static class EndedSessions
{
    private static readonly ConditionalWeakTable<NpgsqlConnection, object> Connections = [];

    public static void Add(NpgsqlConnection connection) => Connections.AddOrUpdate(connection, Connections);

    public static bool Contains(NpgsqlConnection connection) => Connections.TryGetValue(connection, out _);
}
