using CompileTimeRouting.Cluster;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public class ConnectedServerTests
{
    [Fact]
    public void Npgsqls_physical_connection_is_where_it_is_looked_for() => Assert.True(ConnectedServer.IsSupported);
}
