using Npgsql;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>
/// A change of the schema under prepared statements. The server refuses each of them once, in every session, with
/// "cached plan must not change result type".
/// </summary>
public sealed class StalePlanTests(RoutedCluster cluster)
{
    private const int Parallel = 4;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_survives_a_change_of_its_tables_columns()
    {
        await cluster.ExecuteAsync("create table shapes (id int primary key, sides int); insert into shapes values (1, 3)");
        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);
        await using var db = cluster.Open();
        var reads = new ShapeReads(db);
        await PrepareEverywhereAsync(reads);

        await cluster.ExecuteAsync("alter table shapes alter sides type bigint");
        await cluster.Nodes.WaitUntilCaughtUpAsync(Ct);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => reads.SidesOnceAsync(Ct));
        Assert.Equal(PostgresErrorCodes.FeatureNotSupported, refused.SqlState);
        for (var i = 0; i < 20; i++)
            Assert.All(await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => reads.SidesAsync(Ct))), static sides => Assert.Equal(3L, sides));
    }

    [Fact]
    public async Task A_write_that_answers_with_rows_survives_it_too()
    {
        await cluster.ExecuteAsync("create table turns (id int primary key, made int); insert into turns values (1, 0)");
        await using var db = cluster.Open();
        var writes = new TurnWrites(db);
        for (var i = 1; i <= 20; i += 2)
        {
            Assert.Equal(i, await writes.TurnAsync(Ct));
            Assert.Equal(i + 1, await writes.TurnInTransactionAsync(Ct));
        }

        await cluster.ExecuteAsync("alter table turns alter made type bigint");
        Assert.Equal(21, await writes.TurnAsync(Ct));
        await cluster.ExecuteAsync("alter table turns alter made type numeric");
        Assert.Equal(22, await writes.TurnInTransactionAsync(Ct));

        // Where it isn't one transaction, what came before may have been written.
        await cluster.ExecuteAsync("alter table turns alter made type int using made::int");
        for (var i = 0; i < 10; i++)
            await writes.TurnByHandAsync(Ct);
        await cluster.ExecuteAsync("alter table turns alter made type bigint");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => writes.TurnByHandAsync(Ct));
        Assert.Equal(PostgresErrorCodes.FeatureNotSupported, refused.SqlState);
    }

    // Automatic preparation comes with the fifth use in a session; each pool has as many sessions as there are reads at once.
    private static async Task PrepareEverywhereAsync(ShapeReads reads)
    {
        for (var i = 0; i < 20; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 2 * Parallel).Select(_ => reads.SidesAsync(Ct)));
            await Task.WhenAll(Enumerable.Range(0, 2 * Parallel).Select(_ => reads.SidesOnceAsync(Ct)));
        }
    }
}

internal sealed partial class ShapeReads(RoutedDataSource db)
{
    private const string Query = "select sides, pg_sleep(0.005) from shapes where id = 1";

    [ReadQuery]
    public partial Task<object?> SidesAsync(CancellationToken ct);

    private static async Task<object?> SidesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture);
    }

    [ReadQuery(Retry = false)]
    public partial Task<object?> SidesOnceAsync(CancellationToken ct);

    private static Task<object?> SidesOnceAsync(NpgsqlConnection connection, CancellationToken ct) => SidesAsync(connection, ct);
}

internal sealed partial class TurnWrites(RoutedDataSource db)
{
    private const string Statement = "update turns set made = made + 1 where id = 1 returning made";

    [WriteCommand(Statement)]
    public partial Task<long> TurnAsync(CancellationToken ct);

    [WriteCommand(Transaction = true)]
    public partial Task<long> TurnInTransactionAsync(CancellationToken ct);

    private static async Task<long> TurnInTransactionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Statement, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture);
    }

    [WriteCommand]
    public partial Task<long> TurnByHandAsync(CancellationToken ct);

    private static Task<long> TurnByHandAsync(NpgsqlConnection connection, CancellationToken ct) => TurnInTransactionAsync(connection, ct);
}
