using System.Diagnostics;
using System.Globalization;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>The processes of this machine, as far as ending and freezing servers needs to know them.</summary>
internal static class ProcessTable
{
    public readonly record struct Entry(int Pid, int Parent);

    /// <summary>Whether the process runs. One that has ended but was not waited for does not.</summary>
    public static bool IsAlive(int pid) => OperatingSystem.IsLinux()
        ? ReadLinux(pid) is not null
        : OperatingSystem.IsWindows()
            ? IsAliveOnWindows(pid)
            : ReadByPs("-p", pid.ToString(CultureInfo.InvariantCulture)).Count > 0;

    /// <summary>A process and all below it. None on Windows, where a tree is ended at once.</summary>
    public static IReadOnlyList<int> Tree(int root)
    {
        var entries = OperatingSystem.IsLinux() ? ReadAllLinux() : OperatingSystem.IsWindows() ? [] : ReadByPs("-ax");
        var children = entries.ToLookup(e => e.Parent, e => e.Pid);
        List<int> tree = [root];
        for (var i = 0; i < tree.Count; i++)
            tree.AddRange(children[tree[i]]);
        return tree;
    }

    /// <summary>The command line, for checking that an id still is the server it once was.</summary>
    public static string CommandLine(int pid)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
        return RunPs("-o", "command=", "-p", pid.ToString(CultureInfo.InvariantCulture)).Trim();
    }

    private static bool IsAliveOnWindows(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static List<Entry> ReadAllLinux()
    {
        List<Entry> entries = [];
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && ReadLinux(pid) is { } entry)
                entries.Add(entry);
        }
        return entries;
    }

    private static Entry? ReadLinux(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // "pid (name) state ppid ...": the name may hold spaces and parentheses.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ', 3);
            return fields[0] is "Z" or "X" ? null : new Entry(pid, int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static List<Entry> ReadByPs(params string[] selection)
    {
        List<Entry> entries = [];
        foreach (var line in RunPs(["-o", "pid=,ppid=,stat=", .. selection]).Split('\n'))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var pid, var parent, var state]
                && !state.StartsWith('Z'))
            {
                entries.Add(new Entry(int.Parse(pid, CultureInfo.InvariantCulture), int.Parse(parent, CultureInfo.InvariantCulture)));
            }
        }
        return entries;
    }

    private static string RunPs(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ps", arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
