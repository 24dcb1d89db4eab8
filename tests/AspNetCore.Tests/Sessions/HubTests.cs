using System.Threading.Channels;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Sessions;

/// <summary>Connections of SignalR.</summary>
[Collection(WithReplicasBehind.Name)]
public sealed class HubTests(LaggingCluster cluster)
{
    private readonly SessionHosts _hosts = new(cluster.Nodes);

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task A_connection_is_a_session_whatever_its_transport(HttpTransportType transport)
    {
        await using var host = await StartAsync(static options => options.AddRoutingSession(), static app => app.MapHub<NotesHub>("/hub"));
        await using var connection = await ConnectAsync(host, transport: transport);

        // Before the first write any replica will do, and afterwards the primary: outside of a session it would be the primary all the time.
        await _hosts.PausedAsync(async () =>
        {
            var before = await connection.InvokeAsync<Seen>(nameof(NotesHub.Find), $"hub-{transport}");
            Assert.False(before.Found);
            Assert.True(_hosts.IsReplica(before));
            await connection.InvokeAsync(nameof(NotesHub.Add), $"hub-{transport}");
            Assert.True((await connection.InvokeAsync<Seen>(nameof(NotesHub.Find), $"hub-{transport}")).Found);
        });
    }

    [Theory]
    [InlineData(nameof(NotesHub.AddAndFind))]
    [InlineData(nameof(NotesHub.AddAndFindByChannel))]
    public async Task What_is_streamed_is_in_the_session(string method)
    {
        await using var host = await StartAsync(static options => options.AddRoutingSession(), static app => app.MapHub<NotesHub>("/hub"));
        await using var connection = await ConnectAsync(host);
        await _hosts.PausedAsync(async () =>
        {
            var text = $"streamed-{method}";
            var seen = new List<Seen>();
            await foreach (var one in connection.StreamAsync<Seen>(method, text))
                seen.Add(one);

            // A replica until something is written.
            Assert.Equal([false, true], seen.Select(static one => one.Found));
            Assert.True(_hosts.IsReplica(seen[0]));

            // And the calls that follow know of it.
            Assert.True((await connection.InvokeAsync<Seen>(nameof(NotesHub.Find), text)).Found);
        });
    }

    [Fact]
    public async Task A_data_source_with_a_key_has_a_session_of_its_own()
    {
        await using var host = await StartAsync(
            static options =>
            {
                options.AddRoutingSession();
                options.AddRoutingSession("ledger");
            },
            static app =>
            {
                app.MapHub<NotesHub>("/hub");
                app.MapHub<LedgerHub>("/ledger");
            },
            builder => builder.Services.AddKeyedRoutedDataSource("ledger", options =>
            {
                options.Primary = cluster.Nodes.Primary.ConnectionString;
                options.Replicas = [.. cluster.Nodes.Replicas.Select(static r => new ReplicaOptions { ConnectionString = r.ConnectionString })];
                options.LagThreshold = TimeSpan.FromMinutes(4);
            }));
        await using var connection = await ConnectAsync(host, "/ledger");
        await _hosts.PausedAsync(async () =>
        {
            Assert.True(_hosts.IsReplica(await connection.InvokeAsync<Seen>(nameof(LedgerHub.Find), "ledger")));
            await connection.InvokeAsync(nameof(LedgerHub.Add), "ledger");
            Assert.True((await connection.InvokeAsync<Seen>(nameof(LedgerHub.Find), "ledger")).Found);
        });
    }

    [Fact]
    public async Task A_connection_that_is_not_let_in_leaves_no_session()
    {
        var left = new TaskCompletionSource<ConsistencySession>();
        await using var host = await StartAsync(
            static options => options.AddRoutingSession(), static app => app.MapHub<ClosedHub>("/closed"), builder => builder.Services.AddSingleton(left));
        await using var connection = await ConnectAsync(host, "/closed");

        var session = await left.Task;

        await Waiting.UntilAsync(HasEnded, "the session has ended");

        bool HasEnded()
        {
            try
            {
                host.Db.UseSession(session).Dispose();
                return false;
            }
            catch (ArgumentException)
            {
                return true;
            }
        }
    }

    private Task<WebHost> StartAsync(Action<HubOptions> configure, Action<WebApplication> more, Action<WebApplicationBuilder>? services = null) => _hosts.StartAsync(
        services: builder =>
        {
            builder.Services.AddSignalR(configure);
            services?.Invoke(builder);
        },
        more: more);

    private static async Task<HubConnection> ConnectAsync(WebHost host, string path = "/hub", HttpTransportType transport = HttpTransportType.LongPolling)
    {
        var connection = new HubConnectionBuilder().WithUrl(new Uri(host.Client.BaseAddress!, path), transport).Build();
        await connection.StartAsync();
        return connection;
    }
}

public sealed class NotesHub(IServiceProvider services) : Hub
{
    private Notes Notes => services.GetRequiredService<Notes>();

    public Task Add(string text) => Notes.AddAsync(text);

    public Task<Seen> Find(string text) => Notes.FindAsync(text);

    public async IAsyncEnumerable<Seen> AddAndFind(string text)
    {
        yield return await Notes.FindAsync(text);
        await Notes.AddAsync(text);
        yield return await Notes.FindAsync(text);
    }

    public Task<ChannelReader<Seen>> AddAndFindByChannel(string text)
    {
        var channel = Channel.CreateBounded<Seen>(1);
        _ = WriteAsync();
        return Task.FromResult(channel.Reader);

        async Task WriteAsync()
        {
            await Task.Yield();
            await foreach (var seen in AddAndFind(text))
                await channel.Writer.WriteAsync(seen);
            channel.Writer.Complete();
        }
    }
}

/// <summary>The same over a data source with a key.</summary>
public sealed class LedgerHub([FromKeyedServices("ledger")] RoutedDataSource db) : Hub
{
    public Task Add(string text) => new Notes(db).AddAsync(text);

    public Task<Seen> Find(string text) => new Notes(db).FindAsync(text);
}

/// <summary>Lets nobody in, and hands over the session that a caller had.</summary>
public sealed class ClosedHub(IServiceProvider services) : Hub
{
    public override Task OnConnectedAsync()
    {
        services.GetRequiredService<TaskCompletionSource<ConsistencySession>>().SetResult(Context.Items.Values.OfType<ConsistencySession>().Single());
        throw new HubException("closed");
    }
}
