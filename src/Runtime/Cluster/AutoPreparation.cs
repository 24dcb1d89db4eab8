using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// How many statements a session may prepare by itself. Npgsql prepares what runs often, and gives up the one that was used
/// longest ago where there are more: with too few places each call would take another's.
/// </summary>
internal static class AutoPreparation
{
    /// <summary>Room for what methods send beside the SQL that the compiler knows.</summary>
    internal const int Least = 200;

    /// <summary>Each one costs the server some kilobytes in each session.</summary>
    internal const int Most = 1_000;

    private const string Setting = "Max Auto Prepare";

    /// <summary>Turns it on, where the connection string leaves that open: with a place for each routed method.</summary>
    /// <param name="settings">The settings of the pool.</param>
    /// <param name="isPooled">Whether a pooler may lead each statement to another session.</param>
    /// <param name="readOnly">Whether the pool serves reads alone.</param>
    /// <param name="routes">The routed methods that are known by now.</param>
    public static void Apply(NpgsqlConnectionStringBuilder settings, bool isPooled, bool readOnly, IReadOnlyList<PublishedRouteAttribute> routes)
    {
        if (!settings.ShouldSerialize(Setting))
            settings.MaxAutoPrepare = isPooled ? 0 : Math.Clamp(routes.Count(route => route.IsRead || !readOnly), Least, Most);
    }
}
