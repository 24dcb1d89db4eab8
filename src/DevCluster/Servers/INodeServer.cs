namespace CompileTimeRouting.DevCluster.Servers;

/// <summary>One server, however it is run. Calls come one at a time; what SQL can do is not in here.</summary>
internal interface INodeServer : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Where clients on this machine reach it.</summary>
    string Host { get; }

    int Port { get; }

    PostgresNodeState State { get; }

    /// <summary>Finds out whether the server has ended by itself.</summary>
    Task RefreshAsync(CancellationToken cancellationToken);

    /// <summary>Where the other servers of the cluster reach it.</summary>
    (string Host, int Port) InnerAddress { get; }

    /// <summary>How a standby of the same cluster reaches this server, as libpq's connection string.</summary>
    string ConnectionInfoFor(string standbyName);

    /// <summary>How far the server's clock is off, from its next start on.</summary>
    TimeSpan ClockOffset { get; set; }

    /// <summary>Starts the server on the data it has. It need not answer yet.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Fast shutdown: sessions are ended, a checkpoint is written.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>SIGKILL, and nothing survives.</summary>
    Task KillAsync(CancellationToken cancellationToken);

    Task FreezeAsync(CancellationToken cancellationToken);

    Task ThawAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Throws the data of this stopped server away, makes it a standby of <paramref name="source"/> with a fresh copy
    /// and starts it. What is returned keeps the source from dropping WAL that the copy needs: dispose it once the standby streams.
    /// </summary>
    Task<IAsyncDisposable> CloneAsync(INodeServer source, CancellationToken cancellationToken);

    /// <summary>The last lines of the server's log since it was last started.</summary>
    Task<string> ReadLogTailAsync();
}
