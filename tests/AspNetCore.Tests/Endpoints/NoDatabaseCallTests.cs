using System.Diagnostics;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using CompileTimeRouting.AspNetCore.Tests.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Endpoints;

/// <summary>What answers from the snapshot asks no server, and takes less than a millisecond.</summary>
[Collection(RunsAlone.Name)]
public sealed class NoDatabaseCallTests(WebCluster cluster, ITestOutputHelper output)
{
    private const int Requests = 2000;

    private static readonly string[] Paths = ["/db/health", "/db/pool-metrics", "/db/replica-lag", "/metrics", "/routing/state", "/healthz"];

    [Fact]
    public async Task Requests_run_no_command()
    {
        await using var host = await StartAsync();
        using var commands = new CommandsByRequest();

        // That commands would be seen is shown by the one that runs some.
        Assert.Equal(3, await commands.OfAsync(host, HttpMethod.Post, "/db/test-connection"));
        foreach (var path in Paths)
            Assert.Equal(0, await commands.OfAsync(host, HttpMethod.Get, path));
    }

    [Fact]
    public async Task Requests_take_less_than_a_millisecond()
    {
        var times = new List<double>();
        await using var host = await StartAsync(app => app.Use(async (context, next) =>
        {
            var begun = Stopwatch.GetTimestamp();
            await next(context);
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }));
        foreach (var path in Paths)
        {
            times.Clear();
            for (var i = 0; i < Requests; i++)
                await host.Client.GetStringAsync(path);
            var sorted = times.Skip(Requests / 10).Order().ToArray();
            output.WriteLine($"{path}: median {sorted[sorted.Length / 2]:0.000} ms, 99 of 100 within {sorted[sorted.Length * 99 / 100]:0.000} ms");
            Assert.InRange(sorted[sorted.Length / 2], 0, 1);
        }
    }

    private Task<WebHost> StartAsync(Action<WebApplication>? first = null) => WebHost.StartAsync(
        cluster.Nodes,
        static builder => builder.Services.AddHealthChecks().AddRouting(),
        app =>
        {
            first?.Invoke(app);
            app.MapHealthChecks("/healthz");
            app.MapRoutingEndpoints("/db", static options => options.AllowAnonymous = true);
            app.MapRoutingMetrics(configure: static options => options.AllowAnonymous = true);
            app.MapRoutingDashboard(configure: static options => options.AllowAnonymous = true);
        });

    /// <summary>Counts Npgsql's commands by the trace of the request that they ran for; those of the monitor have another one.</summary>
    private sealed class CommandsByRequest : IDisposable
    {
        private readonly List<ActivityTraceId> _commands = [];
        private readonly ActivityListener _listener;

        public CommandsByRequest()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
                Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    if (activity.Source.Name == "Npgsql" && activity.GetTagItem("db.query.text") is not null)
                    {
                        lock (_commands)
                            _commands.Add(activity.TraceId);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public async Task<int> OfAsync(WebHost host, HttpMethod method, string path)
        {
            var trace = ActivityTraceId.CreateRandom();
            var request = new HttpRequestMessage(method, path);
            request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
            (await host.Client.SendAsync(request)).EnsureSuccessStatusCode();
            lock (_commands)
                return _commands.Count(of => of == trace);
        }

        public void Dispose() => _listener.Dispose();
    }
}
