using System.Collections.Concurrent;
using CompileTimeRouting.Cluster;
using CompileTimeRouting.Diagnostics;
using Microsoft.Extensions.Options;

namespace CompileTimeRouting;

// How nodes join and leave while the data source is in use.
public sealed partial class RoutedDataSource
{
    private static readonly TimeSpan DrainStep = TimeSpan.FromMilliseconds(50);

    // Whoever waits for a server, a role or a password to be there needs no more; and a wrong password is no attack.
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _updating = new(1, 1);
    private readonly ConcurrentDictionary<ClusterNode, object?> _leaving = new();
    private volatile ClusterPlan _plan;
    private IDisposable? _reloading;
    private RoutingOptions? _reloaded;
    private string[] _kept = [];

    /// <summary>
    /// Takes over changed options while calls go on. A new replica gets reads once it has answered a probe, and its full
    /// share in steps. One that is left out gets no call from now on; those that run there end, then its connections are
    /// closed. A node that is reached in another way than before (address, credentials, pool settings) is a new one: an old
    /// one that is well serves until the new one has answered, which is tried again and again. Weights, groups, limits and
    /// intervals change at once.
    /// </summary>
    /// <remarks>
    /// A data source of <c>AddRoutedDataSource</c> follows its configuration by itself. Nodes without a name of their own
    /// keep the one they have. <see cref="RoutingOptions.ConfigureDataSource"/> counts for nodes that are made anew;
    /// <see cref="RoutingOptions.StartupCheck"/> counts at the start only.
    /// </remarks>
    /// <param name="options">All options, as for <see cref="Create"/>.</param>
    /// <param name="cancellationToken">Cancels the wait for an update that is under way; then nothing has changed.</param>
    /// <returns>A task that ends when calls are routed by the new options, and before the nodes that leave are closed.</returns>
    /// <exception cref="OptionsValidationException">
    /// The options are wrong, change <see cref="RoutingOptions.Name"/>, or name a primary that can't be reached, is of
    /// another cluster, or is a standby while no other node takes writes. Nothing has changed then.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The data source was disposed.</exception>
    public async Task UpdateAsync(RoutingOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _updating.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            await ApplyAsync(ClusterPlan.Create(options)).ConfigureAwait(false);
        }
        finally
        {
            _updating.Release();
        }
    }

    /// <summary>Follows a source of changed options until the data source is disposed.</summary>
    internal void Follow(IDisposable? subscription) => _reloading = subscription;

    /// <summary>Takes over options in the background; the newest win. What is wrong with them is logged.</summary>
    internal void Reload(RoutingOptions options)
    {
        if (_disposed)
            return;
        Volatile.Write(ref _reloaded, options);
        _ = Task.Run(ReloadAsync);
    }

    private Task ReloadAsync() => InTurnAsync(() => Interlocked.Exchange(ref _reloaded, null) is { } newest ? ClusterPlan.Create(newest) : null);

    private async Task InTurnAsync(Func<ClusterPlan?> wanted)
    {
        await _updating.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_disposed && wanted() is { } plan)
                await ApplyAsync(plan).ConfigureAwait(false);
        }
        catch (OptionsValidationException e)
        {
            Log.ChangeRefused(_logger, string.Join(" ", e.Failures));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.ChangeFailed(_logger, e);
        }
        finally
        {
            _updating.Release();
        }
    }

    private async Task ApplyAsync(ClusterPlan plan)
    {
        if (plan.Prefix != _plan.Prefix)
            throw Refused("Name can't change while the data source is in use: it is in the names of all nodes. Restart, or take the change back.");
        var running = Nodes;
        plan.KeepNames(running.Where(static node => node.ConfiguredRole == NodeRole.Replica).ToDictionary(static node => node.Address, static node => node.Name, StringComparer.OrdinalIgnoreCase));
        var change = NodeSetChange.Of(running, plan, _loggerFactory, _metrics);
        try
        {
            // A change of the primary may be refused: until then nothing is touched.
            if (change.NewPrimary is null && change.BeforeAdding.Length < running.Length && change.Added.Length > 0)
                _state.Reconfigure(change.BeforeAdding, _plan.Overload, _plan.Balancing, new Dictionary<ClusterNode, ProbeResult>());
            var answers = await CheckAsync(change.Added, plan.StartupTimeout, CancellationToken.None).ConfigureAwait(false);
            var taken = change.KeepingWhatServes(answers, _state.Serves, _state.SystemId, out var left);
            if (taken.WhyRefused(answers, _state.CurrentPrimary, _state.SystemId) is { } problem)
                throw Refused(problem);
            await TakeOverAsync(plan, taken, answers).ConfigureAwait(false);
            NoteKept(plan, left);
        }
        finally
        {
            foreach (var node in change.Added.Except(Nodes))
                await node.DisposeAsync().ConfigureAwait(false);
        }
    }

    // What is wrong may be put right at the server, too: a role that comes, a password that changes a moment later.
    private void NoteKept(ClusterPlan plan, Dictionary<ClusterNode, string> left)
    {
        foreach (var (node, problem) in left.Where(l => !_kept.Contains(l.Key.Name)))
            Log.NodeKept(_logger, node.Name, problem);
        _kept = [.. left.Keys.Select(static node => node.Name)];
        if (left.Count > 0)
            _ = TryAgainAsync(plan);
    }

    private async Task TryAgainAsync(ClusterPlan plan)
    {
        await Task.Delay(TryAgainAfter).ConfigureAwait(false);
        await InTurnAsync(() => _plan == plan ? plan : null).ConfigureAwait(false);
    }

    private async Task TakeOverAsync(ClusterPlan plan, NodeSetChange change, Dictionary<ClusterNode, ProbeResult> answers)
    {
        var described = false;
        foreach (var (node, nodePlan) in change.Plans)
            described |= node.Describe(nodePlan, plan);
        described |= plan.Overload != _plan.Overload || plan.Balancing != _plan.Balancing || plan.Probes != _plan.Probes;
        var toCount = plan.ApplicationInstances == _plan.ApplicationInstances ? change.Added : change.Nodes;
        _plan = plan;
        _state.Reconfigure(change.Nodes, plan.Overload, plan.Balancing, answers);
        var unwatched = Task.WhenAll(_monitor.FollowAsync(plan.Probes), _coverage.FollowAsync(plan.Probes));
        if (described || !change.Added.IsEmpty || !change.Removed.IsEmpty)
            Log.NodesChanged(_logger, Names(change.Added), Names(change.Removed), Names(change.Nodes.Except(change.Added)));
        foreach (var node in toCount)
            NoteBudget(node, _state.ConnectionLimit(node));
        foreach (var node in change.Removed)
            _ = DrainAsync(node, unwatched);

        // Disposed meanwhile, by somebody who didn't know of the new nodes.
        if (_disposed)
            await DisposeAsync().ConfigureAwait(false);
    }

    private async Task DrainAsync(ClusterNode node, Task unwatched)
    {
        _leaving[node] = null;
        node.Retire();
        await unwatched.ConfigureAwait(false);
        while (node.ActiveLeases > 0 && !_disposed)
            await Task.Delay(DrainStep).ConfigureAwait(false);
        await node.DisposeAsync().ConfigureAwait(false);
        _leaving.TryRemove(node, out _);
        Log.NodeLeft(_logger, node.Name);
    }

    private IEnumerable<ClusterNode> NodesToClose() => Nodes.Concat(_leaving.Keys);

    private static string Names(IEnumerable<ClusterNode> nodes) =>
        string.Join(", ", nodes.Select(static node => $"{node.Name} ({NodeConnectionString.HostAndPort(node.Host, node.Port)})").DefaultIfEmpty("none"));

    private static OptionsValidationException Refused(string problem) => new(Options.DefaultName, typeof(RoutingOptions), [problem]);
}
