using System.Text.Json;
using CompileTimeRouting.Integration.Clusters;
using Npgsql;

namespace CompileTimeRouting.Integration.Routing;

/// <summary>Every form and shape of a routed call, judged by what the servers say of themselves.</summary>
public abstract class RoutingSuite
{
    private readonly ClusterFixture _fixture;
    private static int _nextId = 1_000;

    protected RoutingSuite(ClusterFixture fixture)
    {
        Assert.SkipWhen(fixture.Unavailable is not null, fixture.Unavailable ?? "");
        _fixture = fixture;
    }

    private RoutedDataSource Db => _fixture.Db;

    private Notes Notes => new(Db);

    private Kinds Kinds => new(Db);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_are_answered_by_standbys_in_every_shape()
    {
        var answers = new[]
        {
            await Notes.ReadServerAsync(Ct), Notes.ReadServer(), await Kinds.ServerAsync(), await ((INotes)Notes).ReadServerAsync(Ct),
        };

        Assert.All(answers, static server => Assert.True(server.InRecovery));
    }

    [Fact]
    public async Task Writes_and_strong_reads_are_answered_by_the_primary()
    {
        var answers = new[]
        {
            await Notes.WriteServerAsync(Ct), Notes.WriteServer(), await Notes.StrongServerAsync(), await Notes.OwnWritesServerAsync(),
        };

        Assert.All(answers, static server => Assert.False(server.InRecovery));
    }

    [Fact]
    public async Task Shares_follow_the_weights()
    {
        var reads = new Dictionary<string, int>();
        for (var i = 0; i < 1_000; i++)
        {
            await using var lease = await Db.OpenReadAsync(Ct);
            reads[lease.NodeName] = reads.GetValueOrDefault(lease.NodeName) + 1;
        }

        Assert.Equal(new Dictionary<string, int> { ["replica-1"] = 600, ["replica-2"] = 400 }, reads);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_read_that_writes_is_refused_wherever_it_runs(bool onPrimary)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => onPrimary ? Notes.LieOnPrimaryAsync() : Notes.LieAsync());

        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
    }

    [Fact]
    public async Task A_transaction_command_is_all_or_nothing()
    {
        var word = $"pair-{Guid.NewGuid():n}";
        await Notes.AddTwoAsync(word, word, Ct);
        await Assert.ThrowsAsync<PostgresException>(() => Notes.AddTwoAsync(word, null, Ct));

        await _fixture.Cluster.WaitUntilCaughtUpAsync(Ct);
        Assert.Equal(2, (await Notes.SearchAsync(word, Ct)).Count);
    }

    [Fact]
    public void A_transaction_command_has_its_isolation_level() => Assert.Equal("serializable", Notes.IsolationOf());

    [Fact]
    public async Task A_stream_keeps_its_connection_until_the_enumeration_ends()
    {
        await Notes.AddTwoAsync("streamed", "streamed", Ct);
        await _fixture.Cluster.WaitUntilCaughtUpAsync(Ct);
        var seen = 0;
        await foreach (var note in Notes.StreamAsync(10, Ct))
        {
            Assert.NotEmpty(note.Body);
            if (++seen == 2)
                break;
            Assert.True(ActiveReplicaLeases() > 0);
        }

        Assert.Equal(2, seen);
        Assert.Equal(0, ActiveReplicaLeases());
    }

    [Fact]
    public async Task Every_kind_of_value_goes_there_and_back()
    {
        var id = NextId();
        using var document = JsonDocument.Parse("""{"a": [1, 2]}""");
        var at = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2));
        var written = await Kinds.InsertAsync(
            id, true, -7, 42, long.MaxValue, 1.5f, 2.25, 12.3400m, "it's", "abc", Guid.Parse("5f2b8a4e-2f0c-4b0e-9a39-0d8ac5b8a001"), [1, 0, 255], at,
            new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Unspecified), new DateOnly(2026, 2, 28), new TimeOnly(23, 59, 58), TimeSpan.FromHours(49),
            document, [3, 1, 2], ["x", "y"], Colour.Green, Mood.Busy, Ct);

        await _fixture.Cluster.WaitUntilCaughtUpAsync(Ct);
        foreach (var kind in new[] { written, (await Kinds.FindAsync(id, Ct))!, Kinds.Get(id), await Kinds.GetByStarAsync(id) })
        {
            Assert.Equal((id, true, (short)-7, 42, long.MaxValue), (kind.Id, kind.Flag, kind.Small, kind.Whole, kind.Large));
            Assert.Equal((1.5f, 2.25, 12.34m, "it's", "abc"), (kind.Narrow, kind.Twice, kind.Amount, kind.Words, kind.Letters));
            Assert.Equal(Guid.Parse("5f2b8a4e-2f0c-4b0e-9a39-0d8ac5b8a001"), kind.UniqueKey);
            Assert.Equal([1, 0, 255], kind.Bytes!);
            Assert.Equal(at, kind.AtTime);
            Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5), kind.LocalTime);
            Assert.Equal((new DateOnly(2026, 2, 28), new TimeOnly(23, 59, 58), TimeSpan.FromHours(49)), (kind.OnDay, kind.TimeOfDay, kind.Duration));
            Assert.Equal(2, kind.Document!.RootElement.GetProperty("a").GetArrayLength());
            Assert.Equal([3, 1, 2], kind.Numbers!);
            Assert.Equal(["x", "y"], kind.Tags!);
            Assert.Equal((Colour.Green, Mood.Busy), (kind.Colour, kind.Feeling));
        }
    }

    [Fact]
    public async Task Every_kind_of_null_goes_there_and_back()
    {
        var id = NextId();
        var written = await Kinds.InsertAsync(
            id, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, Ct);

        await _fixture.Cluster.WaitUntilCaughtUpAsync(Ct);
        var nothing = new Kind(
            id, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
        Assert.Equal(nothing, written);
        Assert.Equal(nothing, await Kinds.FindAsync(id, Ct));
        Assert.Equal(nothing, await Kinds.GetByStarAsync(id));
    }

    [Fact]
    public async Task Every_shape_of_result_is_filled()
    {
        int first = NextId(), second = NextId();
        var day = DateOnly.FromDayNumber(700_000 + first);
        foreach (var id in new[] { first, second })
        {
            await Kinds.InsertAsync(
                id, null, null, null, null, null, null, null, $"word {id}", null, Guid.NewGuid(), null, null, null, day, null, null, null, null, null,
                Colour.Red, Mood.Calm, Ct);
        }

        await _fixture.Cluster.WaitUntilCaughtUpAsync(Ct);
        Assert.Equal([first, second], (await Kinds.ListAsync([second, first], Ct)).Select(static kind => kind.Id));
        Assert.Equal([first, second], await Kinds.IdsAsync([first, second]));
        Assert.Contains((first, $"word {first}"), await Kinds.ByEnumsAsync(Colour.Red, Mood.Calm));
        var streamed = new List<int>();
        await foreach (var (id, words) in Kinds.StreamAsync(first, Ct))
        {
            Assert.True(words is null || words.Length > 0);
            streamed.Add(id);
        }

        Assert.Contains(second, streamed);
        Assert.True(await Kinds.CountAsync() >= 2);
        Assert.Equal(first, await Kinds.HighestAsync(second));
        Assert.Null(await Kinds.HighestAsync(-1));
        Assert.Equal($"word {first}", await Kinds.WordsAsync(first));
        Assert.Null(await Kinds.WordsAsync(-1));
        Assert.Null(await Kinds.FindAsync(-1, Ct));
        Assert.True(Kinds.Exists(first));
        Assert.False(Kinds.Exists(-1));

        Assert.Equal(2, await Kinds.RenameAsync(null, [first, second]));
        Assert.Null(await Kinds.DeleteReturningAsync(first));
        await Kinds.DeleteAsync(second);
        Assert.Equal(0, await Kinds.RenameAsync("gone", [first, second]));
    }

    [Fact]
    public async Task Exactly_one_means_one()
    {
        var none = Assert.Throws<InvalidOperationException>(() => Kinds.Get(-1));
        Assert.Contains("Kinds.Get", none.Message, StringComparison.Ordinal);

        var day = DateOnly.FromDayNumber(600_000 + NextId());
        for (var i = 0; i < 2; i++)
        {
            await Kinds.InsertAsync(
                NextId(), null, null, null, null, null, null, null, "twin", null, null, null, null, null, day, null, null, null, null, null, null, null, Ct);
        }

        await _fixture.Cluster.WaitUntilCaughtUpAsync(Ct);
        var two = await Assert.ThrowsAsync<InvalidOperationException>(() => Kinds.WordsOfDayAsync(day));
        Assert.Contains("WordsOfDayAsync", two.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_router_may_come_from_a_base_class()
    {
        var id = await Notes.AddTwoAsync("one", "two", Ct);
        await _fixture.Cluster.WaitUntilCaughtUpAsync(Ct);

        Assert.Equal("two", await new DerivedNotes(Db).BodyAsync(id, Ct));
        Assert.Null(await new DerivedNotes(Db).BodyAsync(-1, Ct));
    }

    [Fact]
    public async Task A_unit_of_work_serves_every_routed_call_in_it()
    {
        await using var unitOfWork = await Db.BeginTransactionAsync(Ct);
        var id = await Notes.AddTwoAsync("inside", "inside too", Ct);

        Assert.Equal("inside too", await new DerivedNotes(Db).BodyAsync(id, Ct));
        Assert.False((await Notes.ReadServerAsync(Ct)).InRecovery);
        Assert.False(Notes.ReadServer().InRecovery);
        await unitOfWork.RollbackAsync(Ct);

        Assert.Null(await new DerivedNotes(Db).BodyAsync(id, Ct));
        Assert.True((await Notes.ReadServerAsync(Ct)).InRecovery);
    }

    [Fact]
    public async Task A_cancelled_token_opens_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Notes.ReadServerAsync(cancelled.Token));
        Assert.Equal(0, ActiveReplicaLeases());
    }

    private int ActiveReplicaLeases() => Db.GetSnapshot().Nodes.Where(static node => node.Role == NodeRole.Replica).Sum(static node => node.ActiveLeases);

    private static int NextId() => Interlocked.Increment(ref _nextId);
}

public sealed class RoutingOnProcesses(ProcessCluster cluster) : RoutingSuite(cluster), IClassFixture<ProcessCluster>;

public sealed class RoutingOnContainers(ContainerCluster cluster) : RoutingSuite(cluster), IClassFixture<ContainerCluster>;
