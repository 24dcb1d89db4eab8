using System.Threading.Channels;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CompileTimeRouting.AspNetCore.Tests.Sessions;

/// <summary>What a request hands to a background service goes on from what the request wrote.</summary>
[Collection(WithReplicasBehind.Name)]
public sealed class BackgroundJobTests(LaggingCluster cluster)
{
    private readonly SessionHosts _hosts = new(cluster.Nodes);

    [Fact]
    public async Task A_job_goes_on_from_the_token_that_came_with_it()
    {
        await using var host = await _hosts.StartAsync(
            services: static builder =>
            {
                builder.Services.AddSingleton(Channel.CreateUnbounded<Job>());
                builder.Services.AddHostedService<Worker>();
            },
            more: static app => app.MapPost("/jobs/{text}", static async (Channel<Job> jobs, RoutedDataSource db, Notes notes, string text) =>
            {
                await notes.AddAsync(text);
                var job = new Job(text, await db.CurrentSession!.ExportAsync(), new TaskCompletionSource<Seen>());
                await jobs.Writer.WriteAsync(job);
                return await job.Done.Task;
            }));

        await _hosts.PausedAsync(async () =>
        {
            var response = await host.SendAsync(HttpMethod.Post, "/jobs/job-1");
            Assert.Contains("\"found\":true", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.NotNull(response.SetCookie());
        });
    }

    private sealed record Job(string Text, string Token, TaskCompletionSource<Seen> Done);

    private sealed class Worker(Channel<Job> jobs, RoutedDataSource db, Notes notes) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await foreach (var job in jobs.Reader.ReadAllAsync(stoppingToken))
            {
                using var session = db.BeginSession(job.Token);
                job.Done.SetResult(await notes.FindAsync(job.Text, stoppingToken));
            }
        }
    }
}
