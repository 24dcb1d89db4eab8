namespace CompileTimeRouting.Diagnostics;

/// <summary>Why a call goes where it goes.</summary>
internal enum RouteReason : byte
{
    /// <summary>A replica in service, whose turn it is.</summary>
    Replica = 0,

    /// <summary>A replica that is fresh enough for the read's bound.</summary>
    FreshReplica,

    /// <summary>The primary, because no replica is known to be fresh enough for the read's bound.</summary>
    NoFreshReplica,

    /// <summary>The primary, because the read's consistency asks for it.</summary>
    Consistency,

    /// <summary>A replica that has what the call's session wrote and saw.</summary>
    SessionReplica,

    /// <summary>The same, after a wait for it.</summary>
    SessionWait,

    /// <summary>The primary, because no replica is known to have what the call's session wrote and saw.</summary>
    SessionPrimary,

    /// <summary>The primary, because all reads of the call's session go there.</summary>
    SessionPolicy,

    /// <summary>The primary, because no replica is configured.</summary>
    NoReplica,

    /// <summary>The primary, in place of replicas that are all lagging or gone.</summary>
    Spill,

    /// <summary>A replica that lags or has just failed, because nothing better may serve the read.</summary>
    Stale,

    /// <summary>Another node, after an attempt of the call failed.</summary>
    Retry,

    /// <summary>The primary, because the call writes.</summary>
    Write,

    /// <summary>The connection of the unit of work that the call is part of.</summary>
    UnitOfWork,

    /// <summary>None: the primary has as many reads as it may have.</summary>
    Overload,

    /// <summary>None: there is no primary.</summary>
    NoPrimary,
}

internal static class RouteReasonText
{
    public static string Text(this RouteReason reason) => reason switch
    {
        RouteReason.Replica => "replica",
        RouteReason.FreshReplica => "fresh_replica",
        RouteReason.NoFreshReplica => "no_fresh_replica",
        RouteReason.Consistency => "consistency",
        RouteReason.SessionReplica => "session_replica",
        RouteReason.SessionWait => "session_wait",
        RouteReason.SessionPrimary => "session_primary",
        RouteReason.SessionPolicy => "session_policy",
        RouteReason.NoReplica => "no_replica",
        RouteReason.Spill => "spill",
        RouteReason.Stale => "stale",
        RouteReason.Retry => "retry",
        RouteReason.Write => "write",
        RouteReason.UnitOfWork => "unit_of_work",
        RouteReason.Overload => "overload",
        _ => "no_primary",
    };
}
