using CompileTimeRouting.Cluster;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public class ConnectionBreakerTests
{
    [Fact]
    public void Npgsqls_fields_are_where_they_are_looked_for() => Assert.True(ConnectionBreaker.IsSupported);
}
