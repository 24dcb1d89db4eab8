using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Sessions;

/// <summary>What the session of a request costs, against a session begun by hand.</summary>
[Collection(RunsAlone.Name)]
public sealed class AllocationTests(WebCluster cluster, ITestOutputHelper output)
{
    private const int Rounds = 9;
    private const int Requests = 1000;

    // The session, its lock, and its place in the flow of execution.
    private const double SessionBytes = 424;

    // Of a middleware that waits: its state machine holds a configured awaiter, one by hand a plain one.
    private const double WaitingBytes = 8;

    // What knows on which connection the session writes.
    private const double WriterBytes = 72;

    // A token on its way through Base64, Data Protection and into the session, and in a cookie through the collection of all.
    private const double NewTokenBytes = 2300;

    // What a server's own work differs by from one round to the next.
    private const double Noise = 40;

    private static readonly ReadRoute Any = new("Any", ReadConsistency.Eventual, leavesSessionClean: true);
    private static readonly ReadRoute OwnWrites = new("OwnWrites", ReadConsistency.ReadYourWrites, leavesSessionClean: true);

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_request_that_writes_nothing_pays_for_its_session_alone(string method)
    {
        await using var provider = Provider();
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
        Assert.Equal(byHand, with);
        Assert.InRange(with - Measure(EndAsync, method), 1, SessionBytes);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Reads_of_a_session_pay_for_no_object_not_the_first_either(string method)
    {
        await using var provider = Provider(new ReplicaOptions { ConnectionString = cluster.Nodes.Replicas[0].ConnectionString });
        var db = provider.GetRequiredService<RoutedDataSource>();

        // Without a session such a read goes to the primary: for the same server as in one, a GET reads what any replica has.
        var withoutSession = method == "GET" ? Any : OwnWrites;

        // Nothing is sent: what a socket allocates depends on how long it waits.
        var without = new double[3];
        var with = new double[3];
        for (var reads = 0; reads < 3; reads++)
        {
            var app = new ApplicationBuilder(provider);
            app.UseRoutingSession();
            app.Run(Reading(OwnWrites, reads));
            (without[reads], with[reads]) = (Measure(Reading(withoutSession, reads), method), Measure(app.Build(), method));
        }

        output.WriteLine($"{method}, no read, one, two: {string.Join(", ", with)} bytes, without a session {string.Join(", ", without)}");
        Assert.Equal(with[0] - without[0], with[1] - without[1]);
        Assert.Equal(with[0] - without[0], with[2] - without[2]);

        RequestDelegate Reading(ReadRoute route, int reads) => _ =>
        {
            for (var i = 0; i < reads; i++)
                db.OpenRead(route).Dispose();
            return Task.CompletedTask;
        };
    }

    [Fact]
    public async Task The_first_write_of_a_session_pays_for_one_object_more()
    {
        await using var db = RoutedDataSource.Create(new RoutingOptions { Primary = cluster.Nodes.Primary.ConnectionString });
        var without = new double[3];
        var with = new double[3];
        for (var writes = 0; writes < 3; writes++)
        {
            var count = writes;
            without[writes] = Measure(_ => Write(count), "POST");
            with[writes] = Measure(
                _ =>
                {
                    using var session = db.BeginSession();
                    return Write(count);
                },
                "POST");
        }

        output.WriteLine($"no write, one, two: {string.Join(", ", with)} bytes, without a session {string.Join(", ", without)}");
        Assert.Equal(WriterBytes, with[1] - without[1] - (with[0] - without[0]), tolerance: 1);
        Assert.Equal(0, with[2] - without[2] - (with[1] - without[1]), tolerance: 1);

        Task Write(int count)
        {
            for (var i = 0; i < count; i++)
                db.OpenWrite().Dispose();
            return Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_that_comes_again_costs_nothing_and_a_new_one_has_its_price(bool isHeader)
    {
        const string header = "X-Session";
        var time = new ShiftedTime();
        await using var provider = Provider(services => services.AddSingleton<TimeProvider>(time));
        var db = provider.GetRequiredService<RoutedDataSource>();
        var writes = true;
        var app = new ApplicationBuilder(provider);
        app.UseRoutingSession(options =>
        {
            (options.UseCookie, options.HeaderName) = (!isHeader, isHeader ? header : null);
            options.TokenLifetime = TimeSpan.FromHours(1);
        });
        app.Run(_ =>
        {
            if (writes)
                db.OpenWrite().Dispose();
            return Task.CompletedTask;
        });
        var pipeline = app.Build();
        var sent = new string[Requests];
        for (var i = 0; i < Requests; i++)
        {
            var context = new DefaultHttpContext { Request = { Method = "POST" } };
            await pipeline(context);
            sent[i] = isHeader ? context.Response.Headers[header].ToString() : $"theme=dark; {context.Response.Headers.SetCookie.ToString().Split(';')[0]}; language=en";
        }

        writes = false;
        var without = Measure(pipeline, "GET");
        var again = Measure(pipeline, "GET", (request, _) => request.Headers[isHeader ? header : "Cookie"] = sent[0]);
        var isNew = Measure(pipeline, "GET", (request, i) =>
        {
            // In every round they are so long ago that none is remembered.
            if (i == 0)
                time.Shift += TimeSpan.FromMinutes(1);
            request.Headers[isHeader ? header : "Cookie"] = sent[i];
        });

        output.WriteLine($"{(isHeader ? "header" : "cookie")}: without a token {without} bytes, with one that comes again {again}, with a new one {isNew}");
        Assert.Equal(without, again);
        Assert.InRange(isNew, without, without + NewTokenBytes);
    }

    [Fact]
    public async Task Other_cookies_cost_nothing()
    {
        await using var provider = Provider();
        var app = new ApplicationBuilder(provider);
        app.UseRoutingSession();
        app.Run(static _ => Task.CompletedTask);
        var pipeline = app.Build();
        var cookies = Enumerable.Range(0, Requests).Select(static i => $"theme=dark; visit={i}").ToArray();

        Assert.Equal(Measure(pipeline, "GET"), Measure(pipeline, "GET", (request, i) => request.Headers.Cookie = cookies[i]));
    }

    [Fact]
    public async Task One_that_waits_pays_for_its_session_alone_too_with_a_token_or_without()
    {
        var hosts = new SessionHosts(cluster.Nodes);
        await using var writer = await hosts.StartAsync();
        var token = (await writer.SendAsync(HttpMethod.Post, "/notes/allocated")).Token();

        var bytes = await MeasureAsync(
            (Nothing, null), (ByHand, null), (static app => app.UseRoutingSession(), null), (static app => app.UseRoutingSession(), token), (Nothing, token));

        output.WriteLine($"a request that waits, over HTTP: {bytes.Min(static b => b[0]):0} bytes; a session begun by hand {Median(bytes, static b => b[1] - b[0]):+0}, UseRoutingSession {Median(bytes, static b => b[2] - b[0]):+0}, with a token {Median(bytes, static b => b[3] - b[4]):+0}");
        Assert.InRange(OverByHand(bytes), -Noise, WaitingBytes + Noise);
        Assert.InRange(OfToken(bytes), -Noise, Noise);

        static double OverByHand(List<double[]> bytes) => Median(bytes, static b => b[2] - b[1]);

        static double OfToken(List<double[]> bytes) => Median(bytes, static b => b[3] - b[4] - (b[2] - b[0]));

        static bool IsExpected(List<double[]> bytes) => OverByHand(bytes) is >= -Noise and <= WaitingBytes + Noise && Math.Abs(OfToken(bytes)) <= Noise;

        // Of the differences within a round: what is allocated depends on how often a request is answered before somebody waits for
        // it, so that the least round of one candidate may be of another kind than that of the next.
        static double Median(List<double[]> bytes, Func<double[], double> difference)
        {
            var sorted = bytes.Select(difference).Order().ToArray();
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }

        static void Nothing(WebApplication app)
        {
        }

        static void ByHand(WebApplication app)
        {
            RoutedDataSource? db = null;
            app.Use(next => async context =>
            {
                db ??= app.Services.GetRequiredService<RoutedDataSource>();
                using var session = db.BeginSession();
                await next(context);
            });
        }

        // By turns: what the process allocates besides, and how far its code is compiled by now, is the same for all.
        async Task<List<double[]>> MeasureAsync(params (Action<WebApplication> Use, string? Cookie)[] candidates)
        {
            var started = new List<WebHost>();
            try
            {
                foreach (var (use, _) in candidates)
                    started.Add(await StartAsync(use));
                var bytes = new List<double[]>();

                // What a busy machine adds, more rounds take off again; what a request costs they don't.
                while (bytes.Count < Rounds || (bytes.Count < 4 * Rounds && !IsExpected(bytes)))
                {
                    var round = new double[candidates.Length];
                    for (var k = 0; k < candidates.Length; k++)
                    {
                        var before = GC.GetTotalAllocatedBytes(precise: true);
                        for (var i = 0; i < Requests; i++)
                            (await started[k].SendAsync(HttpMethod.Get, "/", candidates[k].Cookie)).Dispose();
                        round[k] = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;
                    }

                    bytes.Add(round);
                }

                return bytes;
            }
            finally
            {
                foreach (var host in started)
                    await host.DisposeAsync();
            }
        }

        Task<WebHost> StartAsync(Action<WebApplication> use) => WebHost.StartAsync(
            cluster.Nodes,
            builder => hosts.ShareKeys(builder),
            app =>
            {
                use(app);
                app.Run(static async _ => await Task.Yield());
            },
            static options => (options.LagThreshold, options.ProbeInterval) = (TimeSpan.FromMinutes(4), TimeSpan.FromHours(1)));
    }

    private ServiceProvider Provider(params ReplicaOptions[] replicas) => Provider(static _ => { }, replicas);

    private ServiceProvider Provider(Action<IServiceCollection> more, params ReplicaOptions[] replicas)
    {
        var services = new ServiceCollection().AddLogging();
        more(services);
        services.AddDataProtection();
        services.AddRoutedDataSource(options =>
        {
            options.Primary = cluster.Nodes.Primary.ConnectionString;
            options.Replicas = [.. replicas];
        });
        return services.BuildServiceProvider();
    }

    // The least of some rounds: whatever the process does besides only adds.
    private static double Measure(RequestDelegate pipeline, string method, Action<HttpRequest, int>? prepare = null)
    {
        var context = new DefaultHttpContext { Request = { Method = method } };
        var least = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Requests; i++)
            {
                prepare?.Invoke(context.Request, i);
                Assert.True(pipeline(context).IsCompletedSuccessfully);
            }

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
