using CompileTimeRouting.DevCluster.Leftovers;
using CompileTimeRouting.DevCluster.Servers;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>Servers as processes of this machine, in one directory per cluster.</summary>
internal sealed class ProcessBackend : IClusterBackend
{
    private readonly ClusterContext _context;
    private readonly ServerBinaries _binaries;
    private readonly ServerUser? _user;
    private readonly ClusterDirectory _directory;
    private readonly Action _onExit;
    private readonly List<ProcessServer> _servers = [];

    private ProcessBackend(ClusterContext context, ServerBinaries binaries, ServerUser? user)
    {
        _context = context;
        _binaries = binaries;
        _user = user;
        _directory = ClusterDirectory.Create(context.Id, user);
        _onExit = () =>
        {
            ClusterDirectory.EndServers(_directory.Path);
            _directory.Dispose();
        };
        ExitCleanup.Register(_onExit);
    }

    public static async Task<ProcessBackend> OpenAsync(ClusterContext context, CancellationToken cancellationToken)
    {
        var user = await ServerUser.ResolveOnceAsync().ConfigureAwait(false);
        var binaries = await BinaryLocator.LocateAsync(context, user, cancellationToken).ConfigureAwait(false);
        context.Log($"PostgreSQL {binaries.Major}.{binaries.Minor} of {binaries.Directory}{(user is null ? "" : $", run by the user {user.Name}")}");
        return new ProcessBackend(context, binaries, user);
    }

    public async Task<IReadOnlyList<INodeServer>> CreateAsync(CancellationToken cancellationToken)
    {
        var options = _context.Options;
        for (var i = 0; i <= options.Replicas; i++)
        {
            var name = NodeNames.At(i);
            if (options.PortAt(i) is { } wanted)
                FreePorts.RequireFree(wanted, name);
            _servers.Add(new ProcessServer(_context, _binaries, _user, _directory.Path, name, options.PortAt(i) ?? FreePorts.Next()));
        }
        // Beside initdb, which takes the most time.
        var sweep = Task.Run(() => ClusterDirectory.SweepDead(_context.Log), cancellationToken);
        foreach (var server in _servers)
            server.Prepare();
        var primary = _servers[0];
        await primary.InitializeAsync(cancellationToken).ConfigureAwait(false);

        _context.Log("made the data");

        // Copied before it first starts, the standbys need no backup and no WAL of the past.
        var standbys = _servers.Skip(1).ToList();
        await Task.WhenAll(standbys.Select(s => Task.Run(() => s.CopyDataOf(primary), cancellationToken))).ConfigureAwait(false);
        _context.Log($"copied it for {standbys.Count} standbys");
        await StartAsync(primary, source: null, cancellationToken).ConfigureAwait(false);
        _context.Log("the primary runs");
        await Task.WhenAll(standbys.Select(s => StartAsync(s, primary, cancellationToken))).ConfigureAwait(false);
        await sweep.ConfigureAwait(false);
        return [.. _servers];
    }

    public INodeServer AddEmpty(string name)
    {
        var server = new ProcessServer(_context, _binaries, _user, _directory.Path, name, FreePorts.Next());
        _servers.Add(server);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        ExitCleanup.Unregister(_onExit);
        await Task.WhenAll(_servers.Select(s => s.DisposeAsync().AsTask())).ConfigureAwait(false);
        await Task.Run(_directory.Dispose).ConfigureAwait(false);
    }

    private Task StartAsync(ProcessServer server, ProcessServer? source, CancellationToken cancellationToken) =>
        PortRetry.StartAsync(_context, server.Name, () =>
        {
            // Every attempt: the port is part of it.
            server.Configure(source);
            return server.StartAsync(cancellationToken);
        }, server.MoveToFreePort);
}
