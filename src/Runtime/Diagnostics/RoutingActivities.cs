using System.Diagnostics;
using System.Runtime.CompilerServices;
using Npgsql;

namespace CompileTimeRouting.Diagnostics;

/// <summary>
/// One span for each attempt of a routed call or unit of work: from the choice of its node to the end of its lease. What
/// Npgsql traces meanwhile in the same flow is below it.
/// </summary>
internal static class RoutingActivities
{
    private static readonly ActivitySource Source = new(RoutingTelemetry.ActivitySourceName, typeof(RoutingActivities).Assembly.GetName().Version?.ToString(3));

    // Beside the leases, so that those that nobody traces hold nothing more.
    private static readonly ConditionalWeakTable<NpgsqlConnection, Activity> OfConnections = [];

    public static bool IsListenedTo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Source.HasListeners();
    }

    /// <summary>Begins the span and makes it the current one: not to be called in an async method, where that would be undone.</summary>
    public static Activity? Start(string routeName, string intent, string source, CallAttempts? attempts)
    {
        if (!Source.HasListeners())
            return null;

        // That of an attempt that failed while it was opened: the flow of its caller couldn't be told.
        while (Activity.Current is { IsStopped: true } ended && ended.Source == Source)
            Activity.Current = ended.Parent;
        if (Source.StartActivity(routeName) is not { } activity)
            return null;
        if (activity.IsAllDataRequested)
        {
            activity.SetTag(TelemetryTags.Source, source).SetTag(TelemetryTags.Intent, intent);
            if (attempts is not null)
                activity.SetTag(TelemetryTags.Attempt, attempts.Failed.Count + 1);
        }

        return activity;
    }

    public static void Decided(Activity? activity, string target, RouteReason reason) =>
        activity?.SetTag(TelemetryTags.Target, target).SetTag(TelemetryTags.Reason, reason.Text());

    /// <summary>An attempt to open the call's connection failed, and another node is tried.</summary>
    public static void FailedOpening(Activity? activity, string node, string errorType) => activity?.AddEvent(new ActivityEvent(
        "retry", tags: new ActivityTagsCollection { [TelemetryTags.Node] = node, [TelemetryTags.ErrorType] = errorType }));

    /// <summary>The span ends with the lease of the connection.</summary>
    public static void Attach(NpgsqlConnection connection, Activity activity) => OfConnections.AddOrUpdate(connection, activity);

    /// <summary>The attempt on a connection failed.</summary>
    public static void Failed(NpgsqlConnection connection, string errorType)
    {
        if (OfConnections.TryGetValue(connection, out var activity))
            Fail(activity, errorType);
    }

    /// <summary>The span of a connection ends, if it has one.</summary>
    public static void End(NpgsqlConnection connection)
    {
        if (!OfConnections.TryGetValue(connection, out var activity))
            return;
        OfConnections.Remove(connection);
        End(activity);
    }

    /// <summary>Ends a span that came to no lease.</summary>
    public static void End(Activity? activity, Exception exception)
    {
        if (activity is null)
            return;
        Fail(activity, FailureClassifier.ErrorTypeOf(exception));
        End(activity);
    }

    /// <summary>From here on the flow isn't that of the span any more, though it may yet take a while to end.</summary>
    public static void Leave(Activity? activity)
    {
        if (activity is not null && Activity.Current == activity)
            Activity.Current = activity.Parent;
    }

    private static void Fail(Activity activity, string errorType) =>
        activity.SetStatus(ActivityStatusCode.Error).SetTag(TelemetryTags.ErrorType, errorType);

    // Stopping makes that span the current one which was so when this began, even where the flow has one of its own by now.
    private static void End(Activity activity)
    {
        var current = Activity.Current;
        activity.Stop();
        if (current != activity)
            Activity.Current = current;
    }
}
