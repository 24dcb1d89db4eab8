using System.Net;
using System.Net.Sockets;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;

namespace CompileTimeRouting.AspNetCore.Tests.Endpoints;

/// <summary>With the start-up check off, whoever asks first has the servers asked.</summary>
public sealed class FirstCheckTests(WebCluster cluster)
{
    private const int Callers = 30;

    /// <summary>Starts a host whose primary says nothing.</summary>
    private Task<WebHost> StartAsync(SilentServer silent, Action<WebApplication>? first = null, Action<RoutingOptions>? routing = null) =>
        WebHost.StartAsync(
            cluster.Nodes,
            null,
            app =>
            {
                first?.Invoke(app);
                app.MapRoutingEndpoints("/db", static options => options.AllowAnonymous = true);
            },
            options =>
            {
                options.StartupCheck = StartupCheck.Off;
                options.Primary = $"Host=127.0.0.1;Port={silent.Port};Username=nobody;Password=none;Database=none;SslMode=Disable;GssEncryptionMode=Disable";
                options.Replicas.Clear();
                routing?.Invoke(options);
            });

    [Fact]
    public async Task However_many_ask_at_once_servers_are_asked_once()
    {
        using var silent = new SilentServer();
        var asking = 0;
        await using var host = await StartAsync(
            silent,
            app => app.Use((context, next) =>
            {
                Interlocked.Increment(ref asking);
                return next(context);
            }),
            static options => options.StartupTimeout = TimeSpan.FromSeconds(5));

        var answers = Enumerable.Range(0, Callers).Select(_ => host.Client.GetAsync("/db/health")).ToArray();

        // All of them are on the way while nothing has answered yet.
        await Waiting.UntilAsync(() => Volatile.Read(ref asking) == Callers, "all callers have asked");
        await Waiting.UntilAsync(() => silent.Connections > 0, "the server is asked");
        Assert.All(answers, static answer => Assert.False(answer.IsCompleted));
        await Task.WhenAll(answers);

        // The check, and what the monitor has begun since.
        Assert.InRange(silent.Connections, 1, 5);
        Assert.All(answers, static answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Result.StatusCode));
    }

    [Fact]
    public async Task Who_goes_away_ends_it_for_nobody_else()
    {
        using var silent = new SilentServer();
        await using var host = await StartAsync(silent);
        using var gone = new CancellationTokenSource();
        var first = host.Client.GetAsync("/db/health", gone.Token);
        await Waiting.UntilAsync(() => silent.Connections > 0, "the server is asked");
        var second = host.Client.GetAsync("/db/health");

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await second).StatusCode);
    }

    /// <summary>Takes connections and says nothing.</summary>
    private sealed class SilentServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<Socket> _sockets = [];

        public SilentServer()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Connections
        {
            get
            {
                lock (_sockets)
                    return _sockets.Count;
            }
        }

        public void Dispose()
        {
            _listener.Dispose();
            lock (_sockets)
                _sockets.ForEach(static socket => socket.Dispose());
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var socket = await _listener.AcceptSocketAsync();
                    lock (_sockets)
                        _sockets.Add(socket);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
