using System.Globalization;

namespace CompileTimeRouting;

/// <summary>
/// Names of replicas that have none of their own. They come from the position in the configuration; but where an entry
/// before is taken out at run time, the nodes after it keep the names that logs and metrics know them by.
/// </summary>
internal static class NodeNames
{
    public static string At(int index) => string.Create(CultureInfo.InvariantCulture, $"replica-{index + 1}");

    /// <param name="plans">The replicas of the new configuration, named by position where they have no name of their own.</param>
    /// <param name="running">The names of the nodes in use, by address.</param>
    /// <param name="prefix">What names begin with.</param>
    /// <returns>The same replicas, named as they will be.</returns>
    public static IReadOnlyList<NodePlan> Keep(IReadOnlyList<NodePlan> plans, IReadOnlyDictionary<string, string> running, string prefix)
    {
        var named = plans.ToArray();
        var taken = plans.Where(static p => p.HasOwnName).Select(static p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var open = new List<int>();
        for (var i = 0; i < named.Length; i++)
        {
            if (named[i].HasOwnName)
                continue;
            if (running.TryGetValue(NodeConnectionString.Address(named[i].Settings), out var name) && taken.Add(name))
                named[i] = named[i] with { Name = name };
            else
                open.Add(i);
        }

        foreach (var i in open)
        {
            var name = named[i].Name;
            for (var free = 0; !taken.Add(name); free++)
                name = prefix + At(free);
            named[i] = named[i] with { Name = name };
        }

        return named;
    }
}
