using System.Diagnostics;
using System.Globalization;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>
/// The processes of the server that runs on a data directory. They are found by the directory's <c>postmaster.pid</c>
/// and only touched when the process found there names that directory in its command line.
/// </summary>
internal static class ServerProcess
{
    private const int SharedMemoryLine = 6;
    private const string PidFile = "postmaster.pid";

    // Two rounds without a new child: the first suspends the postmaster, after which none can be forked.
    private const int QuietRounds = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static bool IsAlive(string dataDirectory) => Find(dataDirectory) is not null;

    /// <summary>SIGKILL to the postmaster and all its children; returns when none is left, with nothing that blocks a restart.</summary>
    public static void Kill(string dataDirectory)
    {
        var lines = ReadPidFile(dataDirectory);
        if (Find(dataDirectory) is { } postmaster)
            EndTree(postmaster);
        if (lines is null)
            return;
        if (!OperatingSystem.IsWindows() && SharedMemory(lines) is var (key, id))
            Native.RemoveSharedMemory(key, id);
        // A dead postmaster that nobody waits for still counts as running for the next one.
        File.Delete(Path.Combine(dataDirectory, PidFile));
    }

    public static void Freeze(string dataDirectory) => SignalAll(dataDirectory, Native.Stop);

    public static void Thaw(string dataDirectory) => SignalAll(dataDirectory, Native.Continue);

    private static void SignalAll(string dataDirectory, int signal)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException($"Server processes can't be frozen on Windows; use {nameof(ClusterBackend)}.{nameof(ClusterBackend.Containers)}.");
        if (Find(dataDirectory) is not { } postmaster)
            return;
        HashSet<int> signalled = [];
        for (var quiet = 0; quiet < QuietRounds; quiet++)
        {
            foreach (var pid in ProcessTable.Tree(postmaster).Where(signalled.Add))
            {
                Native.Signal(pid, signal);
                quiet = 0;
            }
        }
    }

    private static void EndTree(int postmaster)
    {
        if (OperatingSystem.IsWindows())
        {
            using var process = Process.GetProcessById(postmaster);
            process.Kill(entireProcessTree: true);
            process.WaitForExit(Patience);
            return;
        }
        // Suspended it forks no more, so the list of its children is complete.
        Native.Signal(postmaster, Native.Stop);
        var tree = ProcessTable.Tree(postmaster);
        foreach (var pid in tree)
            Native.Signal(pid, Native.Kill);
        var waited = Stopwatch.StartNew();
        while (tree.Any(ProcessTable.IsAlive))
        {
            if (waited.Elapsed > Patience)
                throw new PostgresClusterException($"The server processes {string.Join(", ", tree.Where(ProcessTable.IsAlive))} did not end within {Patience.TotalSeconds:0} s of SIGKILL. They may hang in the disk; see dmesg.");
            Thread.Sleep(2);
        }
    }

    private static int? Find(string dataDirectory)
    {
        if (ReadPidFile(dataDirectory) is not [var first, ..]
            || !int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            || !ProcessTable.IsAlive(pid))
            return null;
        return IsServerOf(pid, dataDirectory) ? pid : null;
    }

    private static bool IsServerOf(int pid, string dataDirectory)
    {
        if (!OperatingSystem.IsWindows())
            return ProcessTable.CommandLine(pid).Contains(dataDirectory, StringComparison.Ordinal);
        using var process = Process.GetProcessById(pid);
        return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);
    }

    private static string[]? ReadPidFile(string dataDirectory)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(dataDirectory, PidFile));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Key and id. The server writes the key, a signed number, as an unsigned one of 64 bits.
    private static (int Key, int Id)? SharedMemory(string[] lines) =>
        lines.Length > SharedMemoryLine
            && lines[SharedMemoryLine].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var key, var id]
            && ulong.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var keyValue)
            && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var idValue)
            ? (unchecked((int)keyValue), idValue)
            : null;
}
