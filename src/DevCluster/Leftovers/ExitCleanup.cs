using System.Runtime.InteropServices;

namespace CompileTimeRouting.DevCluster.Leftovers;

/// <summary>
/// Ends clusters that nobody disposed when the process ends in an orderly way. Best effort: what is left, the next start removes.
/// </summary>
internal static class ExitCleanup
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<Action> Actions = [];
    private static PosixSignalRegistration[]? s_signals;

    public static void Register(Action action)
    {
        lock (Gate)
        {
            if (s_signals is null)
            {
                AppDomain.CurrentDomain.ProcessExit += (_, _) => RunAll();
                // Since .NET 10 no signal raises ProcessExit, unless a host handles it.
                s_signals =
                [
                    PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
                    PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
                    PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
                ];
            }
            Actions.Add(action);
        }
    }

    public static void Unregister(Action action)
    {
        lock (Gate)
            Actions.Remove(action);
    }

    private static void OnSignal(PosixSignalContext context)
    {
        // Somebody shuts down in good order; the cluster is still wanted until then.
        if (!context.Cancel)
            RunAll();
    }

    private static void RunAll()
    {
        Action[] actions;
        lock (Gate)
        {
            actions = [.. Actions];
            Actions.Clear();
        }
        foreach (var action in actions)
        {
            try
            {
                action();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or AggregateException or PostgresClusterException)
            {
                // The process is ending; the next start finds the leftovers.
            }
        }
    }
}
