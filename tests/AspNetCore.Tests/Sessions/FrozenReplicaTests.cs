using System.Diagnostics;
using System.Net;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Sessions;

/// <summary>Requests whose reads hang wait without a thread.</summary>
[Collection(RunsAlone.Name)]
public sealed class FrozenReplicaTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task While_a_replica_is_frozen_other_requests_are_answered_by_the_few_threads_that_there_are()
    {
        await using var cluster = await WebCluster.StartAsync();
        await using var host = await WebHost.StartAsync(
            cluster,
            static builder =>
            {
                builder.Services.AddDataProtection();
                builder.Services.AddSingleton<Notes>();
            },
            static app =>
            {
                app.UseRoutingSession();
                app.MapGet("/", static () => "alive");
                app.MapGet("/notes/{text}", static (Notes notes, string text) => notes.FindAsync(text));
                app.MapPost("/notes/{text}", static (Notes notes, string text) => notes.AddAsync(text));
            },
            // Two silences make a node known as down: reads hang for twice as long.
            static options => (options.ProbeTimeout, options.LagThreshold) = (2 * Patience, 10 * Patience));
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/notes/any")).StatusCode);

        ThreadPool.GetMinThreads(out var fewest, out var fewestPorts);
        ThreadPool.GetMaxThreads(out var most, out var mostPorts);
        var threads = Environment.ProcessorCount;
        Assert.True(ThreadPool.SetMinThreads(1, fewestPorts) && ThreadPool.SetMaxThreads(threads, mostPorts));

        // Requests that wait with a thread leave none for this test either: it gets some back, to tell.
        using var isOver = new ManualResetEventSlim();
        var rescue = new Thread(() =>
        {
            if (!isOver.Wait(3 * Patience))
                ThreadPool.SetMaxThreads(most, mostPorts);
        });
        rescue.Start();
        try
        {
            await cluster.Replicas[0].FreezeAsync();
            var began = Stopwatch.GetTimestamp();
            var hanging = TimeSpan.FromSeconds(1);
            var reads = Enumerable.Range(0, 16 * threads).Select(_ => host.Client.GetAsync("/notes/any")).ToArray();
            await Task.Delay(hanging);

            for (var i = 0; i < 10; i++)
            {
                Assert.Equal("alive", await host.Client.GetStringAsync("/"));
                Assert.Equal(HttpStatusCode.OK, (await host.Client.PostAsync("/notes/meanwhile", null)).StatusCode);
            }

            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, hanging + Patience);
            Assert.InRange(reads.Count(static read => !read.IsCompleted), 2 * threads, reads.Length);
            Assert.All(await Task.WhenAll(reads), static read => Assert.Equal(HttpStatusCode.OK, read.StatusCode));
        }
        finally
        {
            isOver.Set();
            rescue.Join();
            ThreadPool.SetMaxThreads(most, mostPorts);
            ThreadPool.SetMinThreads(fewest, fewestPorts);
            await cluster.Replicas[0].ThawAsync();
        }
    }
}
