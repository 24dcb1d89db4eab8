using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Faults.Load;

/// <summary>The application on this product: generated shims over a routed data source.</summary>
internal sealed class RoutedClient(RoutedDataSource db) : ILoadClient
{
    private readonly Ledger _ledger = new(db);

    public string Name => "routed";

    public int Id => 1;

    public RoutedDataSource Db => db;

    public async Task<Answer> ReadAsync(long id, CancellationToken ct)
    {
        var entry = await _ledger.FindAsync(id, ct) ?? throw new MissingRowException(id);
        return new Answer(entry.Port, entry.Beat);
    }

    public async Task<Answer> StreamAsync(long from, int atMost, CancellationToken ct)
    {
        var answer = default(Answer);
        var rows = 0;
        try
        {
            await foreach (var entry in _ledger.RangeAsync(from, atMost, ct))
            {
                rows++;
                answer = new Answer(entry.Port, entry.Beat);
            }
        }
        catch (Exception e) when (rows > 0)
        {
            throw new CutStreamException(e);
        }

        return rows == atMost ? answer : throw new MissingRowException(from + rows);
    }

    public async Task<Answer> ReportAsync(CancellationToken ct) => new(await _ledger.ReportAsync(ct), 0);

    public async Task<Answer> AuditAsync(CancellationToken ct) => new(await _ledger.AuditAsync(ct), 0);

    public Task<int> WriteAsync(long id, CancellationToken ct) => _ledger.AddAsync(id, "an entry", ct);

    public async Task<IAsyncDisposable> BorrowAsync(PostgresNode replica) => await db.OpenNodeAsync(replica.Name);

    public async Task<IReadOnlyList<IAsyncDisposable>> BorrowAllAsync(PostgresCluster cluster, int poolSize)
    {
        List<IAsyncDisposable> borrowed = [];
        for (var i = 0; i < poolSize; i++)
        {
            // The primary has two pools.
            borrowed.Add(await db.OpenWriteAsync());
            foreach (var node in cluster.Nodes)
                borrowed.Add(await BorrowAsync(node));
        }

        return borrowed;
    }

    public ValueTask DisposeAsync() => db.DisposeAsync();
}
