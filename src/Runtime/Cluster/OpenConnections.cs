using System.Data;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>Tells open connections from those that were closed, or broke.</summary>
internal static class OpenConnections
{
    /// <summary>Whether it is open, also while it executes or fetches.</summary>
    public static bool IsOpen(this NpgsqlConnection connection) => (connection.FullState & ConnectionState.Open) != 0;
}
