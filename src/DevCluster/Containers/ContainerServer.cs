using System.Net.Sockets;
using System.Text;
using CompileTimeRouting.DevCluster.Servers;
using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Networks;
using Microsoft.Extensions.Logging.Abstractions;

namespace CompileTimeRouting.DevCluster.Containers;

/// <summary>A server as process 1 of a container. A new copy of the data is a new container.</summary>
internal sealed class ContainerServer(ClusterContext context, DockerClient client, INetwork network, string image, string name, int port) : INodeServer
{
    private const int InnerPort = 5432;
    private const int TailLines = 15;
    private const string Home = "/ctr/";
    private const string Loopback = "127.0.0.1";

    private static readonly byte[] EntryPoint = ReadEntryPoint();

    private IContainer? _container;
    private bool _frozen;

    // The engine tells only when asked; that a container ended by itself shows when its server does not answer.
    private bool _running;
    private DateTime _started;

    public string Name => name;

    public string Host { get; private set; } = Loopback;

    public int Port { get; private set; } = port;

    public (string Host, int Port) InnerAddress => (name, InnerPort);

    public TimeSpan ClockOffset
    {
        get => TimeSpan.Zero;
        set => throw new NotSupportedException($"A container's clock is its machine's. Use {nameof(ClusterBackend)}.{nameof(ClusterBackend.Processes)}.");
    }

    public PostgresNodeState State =>
        !_running ? PostgresNodeState.Stopped
        : _frozen ? PostgresNodeState.Frozen
        : PostgresNodeState.Running;

    public string ConnectionInfoFor(string standbyName) => ServerConfiguration.ConnectionInfo(name, InnerPort, Home + "pgpass", standbyName);

    /// <summary>Makes the container and starts it: with new data, or with a copy of a source's.</summary>
    public async Task CreateAsync(INodeServer? source, CancellationToken cancellationToken)
    {
        await RemoveAsync().ConfigureAwait(false);
        var configuration = ServerConfiguration.Render(InnerPort, "*", context.Options.Settings, source?.ConnectionInfoFor(name));
        var builder = new ContainerBuilder(image)
            .WithName($"ctr-{context.Id}-{name}")
            // No reaper: the next start removes what a crash leaves, and a reaper's image may not be at hand.
            .WithCleanUp(false)
            .WithAutoRemove(false)
            .WithLogger(NullLogger.Instance)
            .WithLabel(ContainerLeftovers.Labels(context.Id))
            .WithNetwork(network)
            .WithNetworkAliases(name)
            .WithEntrypoint("/bin/sh", Home + "entrypoint.sh")
            .WithCommand()
            .WithPortBinding(Port, InnerPort)
            .WithResourceMapping(EntryPoint, Home + "entrypoint.sh")
            .WithResourceMapping(Encoding.UTF8.GetBytes(context.Password), Home + "password")
            .WithResourceMapping(Encoding.UTF8.GetBytes(ServerConfiguration.PasswordFileLine(context.Password)), Home + "pgpass")
            .WithResourceMapping(Encoding.UTF8.GetBytes(configuration), Home + "postgresql.conf")
            .WithCreateParameterModifier(parameters =>
            {
                // PostgreSQL's fast shutdown; SIGTERM would wait until all sessions have ended.
                parameters.StopSignal = "SIGINT";
                if (EngineSharesOurLoopback())
                {
                    foreach (var binding in parameters.HostConfig!.PortBindings!.Values.SelectMany(b => b))
                        binding.HostIP = Loopback;
                }
            });
        if (source is not null)
            builder = builder.WithResourceMapping(Encoding.UTF8.GetBytes(source.ConnectionInfoFor(name)), Home + "source");
        _container = builder.Build();
        await StartAsync(cancellationToken).ConfigureAwait(false);
        if (!await AnswersOnLoopbackAsync(cancellationToken).ConfigureAwait(false))
            Host = _container.Hostname;
    }

    /// <summary>Somebody took the port between its choice and now.</summary>
    public void MoveToFreePort()
    {
        FreePorts.Return(Port);
        Port = FreePorts.Next();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _started = DateTime.UtcNow;
        try
        {
            await Container.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DockerApiException e) when (e.Message.Contains("already allocated", StringComparison.Ordinal) || e.Message.Contains("already in use", StringComparison.Ordinal))
        {
            throw new PortInUseException(Port, name);
        }
        catch (Exception e) when (e is DockerApiException or ContainerNotRunningException)
        {
            throw await context.FailureAsync(this, $"{name}'s container (image {image}) did not start: {e.Message} Is the image there? {nameof(PostgresClusterOptions)}.{nameof(PostgresClusterOptions.Image)} or CTR_POSTGRES_IMAGE names another.", e).ConfigureAwait(false);
        }
        _running = true;
        _frozen = false;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_frozen)
            await ThawAsync(cancellationToken).ConfigureAwait(false);
        if (!_running)
            return;
        await Container.StopAsync(cancellationToken).ConfigureAwait(false);
        _running = false;
    }

    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (!_running)
            return;
        // The engine delivers signals to a paused container only when it goes on.
        if (_frozen)
            await ThawAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await client.Containers.KillContainerAsync(Container.Id, new ContainerKillParameters { Signal = "SIGKILL" }, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerApiException e) when (e.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            // It ended by itself.
        }
        await client.Containers.WaitContainerAsync(Container.Id, cancellationToken).ConfigureAwait(false);
        _running = false;
    }

    public async Task FreezeAsync(CancellationToken cancellationToken)
    {
        await Container.PauseAsync(cancellationToken).ConfigureAwait(false);
        _frozen = true;
    }

    public async Task ThawAsync(CancellationToken cancellationToken)
    {
        await Container.UnpauseAsync(cancellationToken).ConfigureAwait(false);
        _frozen = false;
    }

    public async Task<IAsyncDisposable> CloneAsync(INodeServer source, CancellationToken cancellationToken)
    {
        await CreateAsync(source, cancellationToken).ConfigureAwait(false);
        return NothingKept.Instance;
    }

    public async Task<string> ReadLogTailAsync()
    {
        if (_container is null)
            return "";
        try
        {
            var (_, log) = await _container.GetLogsAsync(_started, timestampsEnabled: false).ConfigureAwait(false);
            return string.Join(Environment.NewLine, log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(TailLines));
        }
        catch (Exception e) when (e is DockerApiException or InvalidOperationException)
        {
            return "";
        }
    }

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var inspected = await client.Containers.InspectContainerAsync(Container.Id, cancellationToken).ConfigureAwait(false);
        _running = inspected.State?.Running == true;
    }

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync().ConfigureAwait(false);
        FreePorts.Return(Port);
    }

    private IContainer Container => _container ?? throw new InvalidOperationException($"{name} has no container yet.");

    private async Task RemoveAsync()
    {
        if (_container is null)
            return;
        try
        {
            await client.Containers.RemoveContainerAsync(_container.Id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DockerContainerNotFoundException or InvalidOperationException)
        {
            // It never came to be.
        }
        await _container.DisposeAsync().ConfigureAwait(false);
        _container = null;
        _running = _frozen = false;
    }

    // Not so for an engine on another machine, nor for one outside the container that this process may run in.
    private static bool EngineSharesOurLoopback() =>
        ContainerEngine.Endpoint().Endpoint.Scheme is "unix" or "npipe" && !File.Exists("/.dockerenv");

    // The engine's port forwarder takes connections from the container's start on.
    private async Task<bool> AnswersOnLoopbackAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Loopback, Port, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static byte[] ReadEntryPoint()
    {
        using var stream = typeof(ContainerServer).Assembly.GetManifestResourceStream("entrypoint.sh")!;
        using var reader = new StreamReader(stream);
        // A checkout on Windows may have given it line ends that sh does not take.
        return Encoding.UTF8.GetBytes(reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}
