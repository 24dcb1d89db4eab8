using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Sessions;

/// <summary>Where reads go by the request's method, and by what its endpoint says.</summary>
public sealed class ReadRoutingTests(WebCluster cluster)
{
    private readonly SessionHosts _hosts = new(cluster.Nodes);

    [Theory]
    [InlineData("GET", true)]
    [InlineData("QUERY", true)]
    [InlineData("POST", false)]
    [InlineData("PUT", false)]
    [InlineData("PATCH", false)]
    [InlineData("DELETE", false)]
    public async Task Reads_of_unsafe_methods_go_to_the_primary(string method, bool isReplica)
    {
        await using var host = await StartAsync();
        foreach (var path in new[] { "/any/eventual", "/any/blocking", "/any/bounded", "/any/own" })
            Assert.Equal(isReplica, _hosts.IsReplica(await host.SeeAsync(path, method: new HttpMethod(method))));
    }

    [Fact]
    public async Task Unless_the_option_says_otherwise()
    {
        await using var host = await StartAsync(static options => options.UnsafeMethodsReadFromPrimary = false);
        Assert.True(_hosts.IsReplica(await host.SeeAsync("/any/eventual", method: HttpMethod.Post)));
    }

    [Theory]
    [InlineData("GET", "/any/eventual-on-primary", false)]
    [InlineData("POST", "/any/eventual-on-replica", true)]
    [InlineData("GET", "/controlled/looked-up", false)]
    [InlineData("POST", "/controlled/searched", true)]
    public async Task And_the_endpoint_has_the_last_word(string method, string path, bool isReplica)
    {
        await using var host = await StartAsync();
        Assert.Equal(isReplica, _hosts.IsReplica(await host.SeeAsync(path, method: new HttpMethod(method))));
    }

    [Fact]
    public async Task What_outlives_the_request_has_no_session()
    {
        var job = new TaskCompletionSource<Task<Seen>>();
        var ended = new TaskCompletionSource();
        await using var host = await StartAsync(more: app => app.MapPost("/job", (Notes notes) => job.SetResult(Task.Run(async () =>
        {
            await ended.Task;
            return await notes.FindEventuallyAsync("job");
        }))));

        await host.SendAsync(HttpMethod.Post, "/job");
        ended.SetResult();

        Assert.True(_hosts.IsReplica(await await job.Task));
    }

    [Fact]
    public async Task While_there_is_no_primary_they_go_to_a_replica()
    {
        await using var nodes = await WebCluster.StartAsync(replicas: 1);
        var hosts = new SessionHosts(nodes);
        await using var host = await hosts.StartAsync();
        Assert.False(hosts.IsReplica(await host.SeeAsync("/eventual/x", method: HttpMethod.Post)));

        await nodes.Primary.KillAsync();
        await Waiting.UntilAsync(() => host.Db.GetSnapshot().Primary is null, "the primary is known to be gone");

        Assert.True(hosts.IsReplica(await host.SeeAsync("/eventual/x", method: HttpMethod.Post)));
    }

    private Task<WebHost> StartAsync(Action<RoutingSessionOptions>? configure = null, Action<WebApplication>? more = null) => _hosts.StartAsync(
        configure,
        static builder => builder.Services.AddControllers().AddApplicationPart(typeof(ControlledController).Assembly),
        app =>
        {
            app.MapControllers();
            app.Map("/any/eventual", static (Notes notes) => notes.FindEventuallyAsync("x"));
            app.Map("/any/blocking", static (Notes notes) => notes.FindEventually("x"));
            app.Map("/any/bounded", static (Notes notes) => notes.FindWithinAnHourAsync("x"));
            app.Map("/any/own", static (Notes notes) => notes.FindAsync("x"));
            app.Map("/any/eventual-on-primary", static (Notes notes) => notes.FindEventuallyAsync("x")).RouteToPrimary();
            app.Map("/any/eventual-on-replica", static (Notes notes) => notes.FindEventuallyAsync("x")).AllowReplica();
            more?.Invoke(app);
        });
}

[ApiController]
[Route("controlled")]
[RouteToPrimary]
public sealed class ControlledController(IServiceProvider services) : ControllerBase
{
    private Notes Notes => services.GetRequiredService<Notes>();

    [HttpGet("looked-up")]
    public Task<Seen> LookUp() => Notes.FindEventuallyAsync("x");

    [HttpPost("searched")]
    [AllowReplica]
    public Task<Seen> Search() => Notes.FindEventuallyAsync("x");
}
