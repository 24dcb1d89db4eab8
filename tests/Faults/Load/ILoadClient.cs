using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Faults.Load;

/// <summary>Which server answered, and the time of the run that its data was at.</summary>
internal readonly record struct Answer(int Port, long Beat);

/// <summary>One way for an application to reach the cluster.</summary>
internal interface ILoadClient : IAsyncDisposable
{
    string Name { get; }

    /// <summary>The application's identity in the ids of the rows it writes.</summary>
    int Id { get; }

    Task<Answer> ReadAsync(long id, CancellationToken ct);

    Task<Answer> StreamAsync(long from, int atMost, CancellationToken ct);

    /// <summary>A read of some 600 ms, which a standby's replay can conflict with.</summary>
    Task<Answer> ReportAsync(CancellationToken ct);

    /// <summary>
    /// Reads twice in one transaction, and thinks for a while in between: a standby whose replay it is in the way of ends the
    /// session, which runs no statement then, with a FATAL error.
    /// </summary>
    Task<Answer> AuditAsync(CancellationToken ct);

    /// <summary>Adds a row; when this returns, the write was acknowledged.</summary>
    /// <returns>The port of the server that took it.</returns>
    Task<int> WriteAsync(long id, CancellationToken ct);

    /// <summary>Borrows a connection to a replica for a read, as a request that takes long does.</summary>
    /// <returns>What gives it back.</returns>
    Task<IAsyncDisposable> BorrowAsync(PostgresNode replica);

    /// <summary>Borrows that many connections of every pool there is, for reads and for writes, or as many as are to be had within some seconds.</summary>
    /// <returns>What gives them back.</returns>
    Task<IReadOnlyList<IAsyncDisposable>> BorrowAllAsync(PostgresCluster cluster, int poolSize);
}
