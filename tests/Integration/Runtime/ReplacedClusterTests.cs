using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>Another cluster behind the same addresses, as after an upgrade in place: clusters of its own.</summary>
public class ReplacedClusterTests
{
    private const string Table = "create table notes (id bigint generated always as identity primary key, text text not null); grant all on notes to app";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_application_goes_on_with_the_cluster_that_takes_the_place_of_the_one_before()
    {
        var options = new PostgresClusterOptions
        {
            Replicas = 1, Backend = ClusterBackend.Processes, Password = "same", Ports = [FreePort.Next(), FreePort.Next()],
        };
        var former = await StartAsync(options);
        await using var db = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = former.Primary.ConnectionString,
            Replicas = [new() { ConnectionString = former.Replicas[0].ConnectionString }],
        });
        string token;
        await using (former)
        {
            await db.VerifyAsync(Ct);
            using var session = db.BeginSession();
            await db.WriteAsync("before");
            token = await session.ExportAsync(Ct);
        }

        await UntilAsync(db, static s => s.Nodes.All(static n => n.State == NodeState.Down));
        await using (await StartAsync(options))
        {
            await UntilAsync(db, static s => s.Primary == "primary" && s.Nodes.All(static n => n.State == NodeState.Up));
            Assert.Single(db.GetSnapshot().RecentChanges, static c => c.Kind == ClusterChangeKind.ClusterReplaced);
            Assert.Equal("primary", await db.WriteAsync("after"));

            // A token of the one before asks for all that there is.
            using (db.BeginSession(token))
            {
                await using var lease = await db.OpenReadAsync(new ReadRoute("Notes", ReadConsistency.ReadYourWrites), Ct);
                Assert.Equal("after", await lease.Connection.ScalarAsync("select string_agg(text, ' ') from notes"));
            }

            Assert.Equal(("replica-1", 0L), await db.CountAsync("before"));
        }
    }

    private static async Task<PostgresCluster> StartAsync(PostgresClusterOptions options)
    {
        var cluster = await PostgresCluster.StartAsync(options, Ct);
        await cluster.Primary.ExecuteAsAdminAsync(Table);
        await cluster.WaitUntilCaughtUpAsync(Ct);
        return cluster;
    }

    private static async Task UntilAsync(RoutedDataSource db, Func<ClusterSnapshot, bool> condition)
    {
        var until = DateTime.UtcNow + Patience;
        while (!condition(db.GetSnapshot()))
        {
            Assert.True(DateTime.UtcNow < until, $"it takes too long: {string.Join("; ", db.GetSnapshot().Nodes.Select(static n => $"{n.Name} {n.State} {n.Problem}"))}");
            await Task.Delay(50, Ct);
        }
    }
}
