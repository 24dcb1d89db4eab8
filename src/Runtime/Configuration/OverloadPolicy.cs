namespace CompileTimeRouting;

/// <summary>
/// What happens to a read that no replica may serve, all of them lagging or gone, or could, while the primary already serves
/// <see cref="RoutingOptions.PrimaryReadLimit"/> such reads.
/// </summary>
public enum OverloadPolicy
{
    /// <summary>What the data source's <see cref="RoutingOptions.Overload"/> says; there it is <see cref="Shed"/>.</summary>
    Default = 0,

    /// <summary>It fails at once with a <see cref="ReadOverloadException"/>, so that the primary survives.</summary>
    Shed = 1,

    /// <summary>A replica that lags serves it; without one it fails, and so does a read that has a bound.</summary>
    ServeStale = 2,
}
