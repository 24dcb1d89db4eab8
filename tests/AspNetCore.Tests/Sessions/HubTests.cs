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
        await using var host = await _hosts.StartAsync(
            services: static builder => builder.Services.AddSignalR(static options => options.AddRoutingSession()), more: static app => app.MapHub<NotesHub>("/hub"));
        await using var connection = new HubConnectionBuilder().WithUrl(new Uri(host.Client.BaseAddress!, "/hub"), transport).Build();
        await connection.StartAsync();

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
}

public sealed class NotesHub(IServiceProvider services) : Hub
{
    private Notes Notes => services.GetRequiredService<Notes>();

    public Task Add(string text) => Notes.AddAsync(text);

    public Task<Seen> Find(string text) => Notes.FindAsync(text);
}
