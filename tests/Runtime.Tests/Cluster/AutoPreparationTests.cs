using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting.Runtime.Tests.Cluster;

public sealed class AutoPreparationTests
{
    [Theory]
    [InlineData(3, 4, AutoPreparation.Least, AutoPreparation.Least)]
    [InlineData(250, 100, 250, 350)]
    [InlineData(900, 900, 900, AutoPreparation.Most)]
    public void Each_routed_method_has_a_place(int reads, int writes, int inReads, int inWrites)
    {
        var routes = Enumerable.Range(0, reads + writes).Select(i => new PublishedRouteAttribute($"App.M{i}", isRead: i < reads)).ToArray();
        Assert.Equal((inReads, inWrites), (SizeOf("Host=a", readOnly: true), SizeOf("Host=a", readOnly: false)));
        Assert.Equal((7, 7), (SizeOf("Host=a;Max Auto Prepare=7", readOnly: true), SizeOf("Host=a;Max Auto Prepare=7", readOnly: false)));
        Assert.Equal(0, SizeOf("Host=a", readOnly: false, isPooled: true));

        int SizeOf(string connectionString, bool readOnly, bool isPooled = false)
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            AutoPreparation.Apply(settings, isPooled, readOnly, routes);
            return settings.MaxAutoPrepare;
        }
    }
}
