using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

/// <summary>Pools that are never connected.</summary>
internal static class Pools
{
    public static NodePool Named(string name) => new(name, NpgsqlDataSource.Create("Host=nowhere.invalid"), new ConnectGate(8));
}
