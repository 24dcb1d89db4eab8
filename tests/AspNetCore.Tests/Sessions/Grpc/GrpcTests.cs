using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Sessions.Grpc;

/// <summary>Calls of gRPC, whose tokens travel in headers.</summary>
[Collection(WithReplicasBehind.Name)]
public sealed class GrpcTests(LaggingCluster cluster)
{
    private const string Header = "routing-session";

    private readonly SessionHosts _hosts = new(cluster.Nodes);

    [Fact]
    public async Task What_one_instance_wrote_another_reads_and_no_call_counts_as_unsafe()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        using var channel = GrpcChannel.ForAddress(one.Client.BaseAddress!);
        using var otherChannel = GrpcChannel.ForAddress(other.Client.BaseAddress!);
        var (client, otherClient) = (new NoteBook.NoteBookClient(channel), new NoteBook.NoteBookClient(otherChannel));
        var note = new Note { Text = "grpc" };
        await _hosts.PausedAsync(async () =>
        {
            using var adding = client.AddAsync(note);
            await adding;
            var token = (await adding.ResponseHeadersAsync).GetValue(Header)!;

            Assert.True((await otherClient.FindAsync(note, new Metadata { { Header, token } })).Found_);
            Assert.False((await otherClient.FindAsync(note)).Found_);
            Assert.NotEqual(cluster.Nodes.Primary.Port, (await otherClient.FindEventuallyAsync(note)).Port);
        });
    }

    private Task<WebHost> StartAsync() => _hosts.StartAsync(
        static options => (options.UseCookie, options.HeaderName) = (false, Header),
        static builder =>
        {
            builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2));
            builder.Services.AddGrpc();
        },
        static app => app.MapGrpcService<NoteBookService>());
}

internal sealed class NoteBookService(Notes notes) : NoteBook.NoteBookBase
{
    public override async Task<Added> Add(Note request, ServerCallContext context) => new() { Id = await notes.AddAsync(request.Text, context.CancellationToken) };

    public override async Task<Found> Find(Note request, ServerCallContext context) => Of(await notes.FindAsync(request.Text, context.CancellationToken));

    public override async Task<Found> FindEventually(Note request, ServerCallContext context) =>
        Of(await notes.FindEventuallyAsync(request.Text, context.CancellationToken));

    private static Found Of(Seen seen) => new() { Found_ = seen.Found, Port = seen.Port };
}
