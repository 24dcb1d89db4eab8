using System.Collections.Concurrent;
using CompileTimeRouting.DevCluster;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>Nodes that join and leave while reads and writes go on, on a cluster of its own with three standbys.</summary>
public sealed class MembershipTests : IAsyncLifetime
{

    private PostgresCluster _cluster = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 3 }, Ct);
        await _cluster.Primary.ExecuteAsAdminAsync("create table notes (id bigint generated always as identity primary key, text text not null); alter table notes owner to app");
        await _cluster.WaitUntilCaughtUpAsync(Ct);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_reload_adds_and_removes_a_standby_under_load()
    {
        var settings = new ReloadableSource(Settings(0, 1));
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        ((IConfigurationBuilder)builder.Configuration).Add(settings);
        builder.Services.AddRoutedDataSource(builder.Configuration);
        using var host = builder.Build();
        await host.StartAsync(Ct);
        var db = host.Services.GetRequiredService<RoutedDataSource>();
        await using var load = new Load(db);

        var third = _cluster.Replicas[2];
        await load.RunAsync(200);
        Assert.DoesNotContain(third.Port, load.ReadPorts);
        settings.Change(Settings(0, 1, 2));
        await Waiting.UntilAsync(() => load.ReadPorts.Contains(third.Port), "the third standby gets reads");

        // The first one goes; those after it keep their names.
        var first = _cluster.Replicas[0];
        settings.Change(Settings(1, 2));
        await Waiting.UntilAsync(async () => await SessionsAsync(first) == 0, "the connections of the removed node close");
        load.ReadPorts.Clear();
        await load.RunAsync(500);
        Assert.DoesNotContain(first.Port, load.ReadPorts);
        Assert.Equal(2, load.ReadPorts.Distinct().Count());
        Assert.Equal(["primary", "replica-2", "replica-3"], db.GetSnapshot().Nodes.Select(n => n.Name));

        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.All(db.GetSnapshot().Nodes, n => Assert.Equal((NodeState.Up, 0), (n.State, n.ActiveLeases)));
        await host.StopAsync(Ct);
    }

    [Fact]
    public async Task All_nodes_are_replaced_under_load()
    {
        RoutingOptions Options(int size) => new()
        {
            Primary = _cluster.Primary.ConnectionString,
            Replicas = [.. _cluster.Replicas.Take(2).Select(r => new ReplicaOptions { ConnectionString = r.ConnectionString })],
            ReplicaPool = new PoolOptions { Size = size },
            PrimaryPool = new PoolOptions { Size = size },

            // What goes to the primary would be refused.
            PrimaryReadLimit = 0,
        };
        await using var db = RoutedDataSource.Create(Options(2));
        await db.VerifyAsync(Ct);
        await using var load = new Load(db);
        await load.RunAsync(100);
        var before = db.GetSnapshot().Nodes;
        foreach (var size in (int[])[3, 4, 5])
        {
            await db.UpdateAsync(Options(size), Ct);
            await load.RunAsync(200);
        }

        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.Equal(before.Select(n => n.Name), db.GetSnapshot().Nodes.Select(n => n.Name));
        Assert.DoesNotContain(_cluster.Primary.Port, load.ReadPorts);
        Assert.All(db.GetSnapshot().Nodes, n => Assert.Equal((NodeState.Up, 0), (n.State, n.ActiveLeases)));
    }

    [Fact]
    public async Task What_runs_on_a_node_that_leaves_ends_before_its_connections_close()
    {
        await using var db = RoutedDataSource.Create(Options(0));
        await db.VerifyAsync(Ct);
        var lease = await db.OpenReadAsync(Ct);
        Assert.Equal("replica-1", lease.NodeName);
        await using var unitOfWork = await db.BeginTransactionAsync(Ct);
        await unitOfWork.Connection.ScalarAsync("insert into notes (text) values ('begun before')");

        // The same server by another name is another way to reach it.
        var changed = Options(1);
        changed.Primary = new NpgsqlConnectionStringBuilder(_cluster.Primary.ConnectionString) { ApplicationName = "changed" }.ConnectionString;
        await db.UpdateAsync(changed, Ct);
        Assert.Equal(1L, await lease.Connection.ScalarAsync("select count(*) from (select pg_sleep(0.2)) as slept"));
        await lease.DisposeAsync();
        await Waiting.UntilAsync(async () => await SessionsAsync(_cluster.Replicas[0]) == 0, "the connections of the removed node close");

        await unitOfWork.CommitAsync(Ct);
        await unitOfWork.DisposeAsync();
        await db.WriteAsync("begun after");
        await using var after = await db.OpenWriteAsync(Ct);
        Assert.Equal(2L, await after.Connection.ScalarAsync("select count(*) from notes where text like 'begun %'"));
        Assert.Equal("changed", await after.Connection.ScalarAsync("show application_name"));
    }

    [Fact]
    public async Task Replicas_whose_changed_login_is_wrong_serve_as_before_until_it_is_right()
    {
        using var lines = new RecordedLogs(RecordedLogs.Routing);
        using var logging = LoggerFactory.Create(b => b.AddProvider(lines));
        await using var db = RoutedDataSource.Create(Options(0, 1), logging);
        await db.VerifyAsync(Ct);
        await using var load = new Load(db);
        await load.RunAsync(100);

        // The role isn't there yet; the weight counts at once.
        var changed = Options(0, 1);
        foreach (var replica in changed.Replicas)
        {
            replica.ConnectionString = new NpgsqlConnectionStringBuilder(replica.ConnectionString) { Username = "rotated", Password = "a new one" }.ConnectionString;
            replica.Weight = 2;
        }

        await db.UpdateAsync(changed, Ct);
        load.ReadPorts.Clear();
        await load.RunAsync(500);
        Assert.Equal([(NodeState.Up, 2), (NodeState.Up, 2)], db.GetSnapshot().Nodes.Skip(1).Select(static n => (n.State, n.Weight)));
        Assert.DoesNotContain(_cluster.Primary.Port, load.ReadPorts);
        Assert.Equal(2, lines.Count("is reached as before the configuration changed"));
        Assert.Equal(1, lines.Count("Node replica-2 is reached as before"));
        Assert.Equal(2, lines.Count("refused the password of the role 'rotated' (28P01). Correct user name or password in Replicas["));

        await _cluster.Primary.ExecuteAsAdminAsync("create role rotated login password 'a new one' in role app");
        await Waiting.UntilAsync(async () => await SessionsAsync(_cluster.Replicas[0]) == 0 && await SessionsAsync(_cluster.Replicas[1]) == 0, "the new role is used");
        await load.RunAsync(100);
        await load.StopAsync();
        Assert.Empty(load.Failures);
        Assert.DoesNotContain(_cluster.Primary.Port, load.ReadPorts);
        Assert.Equal(2, lines.Count("is reached as before the configuration changed"));
        Assert.All(db.GetSnapshot().Nodes, n => Assert.Equal((NodeState.Up, 0), (n.State, n.ActiveLeases)));
    }

    [Fact]
    public async Task A_replica_that_is_gone_makes_room_whether_its_successor_answers_or_not()
    {
        await using var db = RoutedDataSource.Create(Options(0));
        await db.VerifyAsync(Ct);
        await _cluster.Replicas[0].StopAsync(Ct);
        await Waiting.UntilAsync(() => db.GetSnapshot().Nodes[1].State == NodeState.Down, "the replica is found down");
        var changed = Options(0);
        changed.Replicas[0].ConnectionString = new NpgsqlConnectionStringBuilder(changed.Replicas[0].ConnectionString!) { Port = 1 }.ConnectionString;
        await db.UpdateAsync(changed, Ct);
        Assert.Equal(("replica-1", 1), (db.GetSnapshot().Nodes[1].Name, db.GetSnapshot().Nodes[1].Port));
    }

    [Fact]
    public async Task Changed_instances_are_checked_against_every_node()
    {
        using var lines = new RecordedLogs(RecordedLogs.Routing);
        using var logging = LoggerFactory.Create(b => b.AddProvider(lines));
        await using var db = RoutedDataSource.Create(Options(0), logging);
        await db.VerifyAsync(Ct);
        var changed = Options(0);
        changed.ApplicationInstances = 3;
        await db.UpdateAsync(changed, Ct);
        Assert.Equal(1, lines.Count("Node primary may be asked for 606 connections"));
        Assert.Equal(1, lines.Count("Node replica-1 may be asked for 306 connections"));
        await db.UpdateAsync(changed, Ct);
        Assert.Equal(2, lines.Count("may be asked for"));
    }

    [Fact]
    public async Task A_primary_that_is_none_is_refused_and_writes_go_on()
    {
        await using var db = RoutedDataSource.Create(Options(0, 1));
        await db.VerifyAsync(Ct);
        var changed = Options(1);
        changed.Primary = _cluster.Replicas[2].ConnectionString;
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => db.UpdateAsync(changed, Ct));
        Assert.Contains($":{_cluster.Replicas[2].Port} is a standby and takes no writes", refused.Message);
        await db.WriteAsync("still");
        Assert.Equal(["primary", "replica-1", "replica-2"], db.GetSnapshot().Nodes.Select(n => n.Name));
    }

    [Fact]
    public async Task After_a_failover_the_configuration_names_the_new_primary()
    {
        await using var db = RoutedDataSource.Create(Options(0, 1));
        await db.VerifyAsync(Ct);
        await _cluster.Primary.KillAsync(Ct);
        await _cluster.Replicas[0].PromoteAsync(Ct);
        await Waiting.UntilAsync(() => db.GetSnapshot().Primary == "replica-1", "the promoted standby is the primary");

        await _cluster.Replicas[1].FollowAsync(_cluster.Replicas[0], Ct);
        var changed = Options(1);
        changed.Primary = _cluster.Replicas[0].ConnectionString;
        await db.UpdateAsync(changed, Ct);
        Assert.Equal("primary", db.GetSnapshot().Primary);
        Assert.Equal("primary", await db.WriteAsync("after the failover"));
        Assert.Equal(["primary", "replica-2"], db.GetSnapshot().Nodes.Select(n => n.Name));
    }

    private RoutingOptions Options(params int[] replicas) => new()
    {
        Primary = _cluster.Primary.ConnectionString,
        Replicas = [.. replicas.Select(i => new ReplicaOptions { ConnectionString = _cluster.Replicas[i].ConnectionString })],
    };

    private Dictionary<string, string?> Settings(params int[] replicas)
    {
        var settings = new Dictionary<string, string?> { ["Routing:Primary"] = _cluster.Primary.ConnectionString };
        for (var i = 0; i < replicas.Length; i++)
            settings[$"Routing:Replicas:{i}"] = _cluster.Replicas[replicas[i]].ConnectionString;
        return settings;
    }

    private static async Task<long> SessionsAsync(PostgresNode node)
    {
        await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(node.AdminConnectionString) { Pooling = false }.ConnectionString);
        await admin.OpenAsync(Ct);
        return (long)(await admin.ScalarAsync("select count(*) from pg_stat_activity where usename = 'app'"))!;
    }

    /// <summary>Reads and writes that don't stop.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _running;
        private long _calls;

        public Load(RoutedDataSource db) => _running = Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => GoOnAsync(db, i))));

        public ConcurrentBag<int> ReadPorts { get; } = [];

        public ConcurrentQueue<Exception> Failures { get; } = [];

        /// <summary>Waits until so many more calls are done.</summary>
        public async Task RunAsync(int calls)
        {
            var end = Interlocked.Read(ref _calls) + calls;
            await Waiting.UntilAsync(() => Interlocked.Read(ref _calls) >= end, "calls go on");
        }

        public async Task StopAsync()
        {
            await _stopping.CancelAsync();
            await _running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stopping.Dispose();
        }

        private async Task GoOnAsync(RoutedDataSource db, int index)
        {
            while (!_stopping.IsCancellationRequested)
            {
                try
                {
                    if (index == 0)
                    {
                        await db.WriteAsync("load");
                    }
                    else
                    {
                        await using var lease = await db.OpenReadAsync(CancellationToken.None);
                        await lease.Connection.ScalarAsync("select pg_sleep(0.002)");
                        ReadPorts.Add(lease.Connection.Port);
                    }
                }
                catch (Exception e)
                {
                    Failures.Enqueue(e);
                }

                Interlocked.Increment(ref _calls);
            }
        }
    }

    /// <summary>A configuration that changes as one in a file does.</summary>
    private sealed class ReloadableSource(Dictionary<string, string?> settings) : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override void Load() => Data = settings;

        public void Change(Dictionary<string, string?> changed)
        {
            Data = changed;
            OnReload();
        }
    }
}
