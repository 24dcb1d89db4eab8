using Npgsql;

namespace CompileTimeRouting.Runtime.Tests.Configuration;

public class NodeNamesTests
{
    private static readonly Dictionary<string, string> Running = new(StringComparer.OrdinalIgnoreCase)
    {
        ["b:5432/d"] = "replica-1",
        ["c:5432/d"] = "replica-2",
        ["e:5432/d"] = "replica-3",
    };

    private static string Names(params (string Host, string? Name)[] replicas)
    {
        var plans = replicas.Select((r, i) => new NodePlan(
            r.Name ?? NodeNames.At(i), "", NodeRole.Replica, new NpgsqlConnectionStringBuilder($"Host={r.Host};Port=5432;Database=d"), 1, null, r.Name is not null));
        return string.Join(' ', NodeNames.Keep([.. plans], Running, "").Select(p => $"{p.Settings.Host}={p.Name}"));
    }

    [Fact]
    public void Who_stays_keeps_its_name() => Assert.Equal("c=replica-2 E=replica-3", Names(("c", null), ("E", null)));

    [Fact]
    public void Who_joins_takes_a_free_one() => Assert.Equal("c=replica-2 e=replica-3 f=replica-1", Names(("c", null), ("e", null), ("f", null)));

    [Fact]
    public void Another_address_in_the_same_place_has_the_name_of_the_place() => Assert.Equal("x=replica-1 c=replica-2", Names(("x", null), ("c", null)));

    [Fact]
    public void A_name_of_its_own_counts_before_any_other() => Assert.Equal("b=replica-1 f=replica-2", Names(("b", null), ("f", "replica-2")));
}
