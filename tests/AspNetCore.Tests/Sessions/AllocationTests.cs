using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Sessions;

/// <summary>What the session of a request costs, against a session begun by hand.</summary>
[Collection(RunsAlone.Name)]
public sealed class AllocationTests(WebCluster cluster, ITestOutputHelper output)
{
    private const int Rounds = 7;
    private const int Requests = 1000;

    // What tells the server to call back before the head is sent: three references and a flag.
    private const double CallbackBytes = 48;

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_request_that_writes_nothing_pays_for_its_session_alone(string method)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddDataProtection();
        services.AddRoutedDataSource(options => options.Primary = cluster.Nodes.Primary.ConnectionString);
        await using var provider = services.BuildServiceProvider();
        var db = provider.GetRequiredService<RoutedDataSource>();
        static Task EndAsync(HttpContext context) => Task.CompletedTask;
        var app = new ApplicationBuilder(provider);
        app.UseRoutingSession();
        app.Run(EndAsync);
        var pipeline = app.Build();
        RequestDelegate next = EndAsync;
        async Task ByHandAsync(HttpContext context)
        {
            using var session = db.BeginSession();
            await next(context).ConfigureAwait(false);
        }

        var with = Measure(pipeline, method);
        var byHand = Measure(ByHandAsync, method);

        output.WriteLine($"{method}: {with} bytes, a session begun by hand {byHand} bytes");
        Assert.InRange(with, byHand, byHand + CallbackBytes);
    }

    // The least of some rounds: whatever the process does besides only adds.
    private static double Measure(RequestDelegate pipeline, string method)
    {
        var context = new DefaultHttpContext { Request = { Method = method } };
        var least = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Requests; i++)
                Assert.True(pipeline(context).IsCompletedSuccessfully);
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Requests);
        }

        return least;
    }
}

/// <summary>Tests that count what is allocated: nothing may run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "alone";
}
