using System.Diagnostics;
using System.Globalization;

namespace CompileTimeRouting.DevCluster.Leftovers;

/// <summary>
/// The process a cluster belongs to. A process id alone says little: ids are reused, start over at boot, and mean
/// another process in another PID namespace.
/// </summary>
/// <param name="Pid">The process id.</param>
/// <param name="Started">When it started, in the platform's own ticks.</param>
/// <param name="Machine">The machine's name.</param>
/// <param name="Boot">Changes with every boot, where the platform tells.</param>
/// <param name="PidNamespace">Where the id means something, where the platform tells.</param>
internal sealed record Owner(int Pid, string Started, string Machine, string Boot, string PidNamespace)
{
    private const char Separator = '|';

    public static Owner Current { get; } = new(
        Environment.ProcessId,
        StartOf(Environment.ProcessId) ?? "",
        Environment.MachineName,
        ReadBoot(),
        ReadPidNamespace());

    public override string ToString() => string.Join(Separator, Pid, Started, Machine, Boot, PidNamespace);

    public static Owner? Parse(string? text) =>
        text?.Trim().Split(Separator) is [var pid, var started, var machine, var boot, var pidNamespace]
            && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new Owner(id, started, machine, boot, pidNamespace)
            : null;

    /// <summary>True only when the owner certainly runs no more; when that can't be told from here, it is left alone.</summary>
    public bool IsDead()
    {
        if (Machine != Current.Machine)
            return false;
        if (Boot != Current.Boot)
            return true;
        return PidNamespace == Current.PidNamespace && StartOf(Pid) != Started;
    }

    private static string? StartOf(int pid)
    {
        if (OperatingSystem.IsLinux())
            return LinuxStartOf(pid);
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    // Ticks since boot: .NET's start time is computed from the wall clock and differs when that is set.
    private static string? LinuxStartOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name, in parentheses, may hold anything; state is the first field after it, start time the 20th.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string ReadBoot()
    {
        const string path = "/proc/sys/kernel/random/boot_id";
        return OperatingSystem.IsLinux() && File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }

    private static string ReadPidNamespace() =>
        OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget ?? "" : "";
}
