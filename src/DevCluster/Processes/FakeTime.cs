using System.Globalization;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>Gives a program another time than the machine's, by libfaketime.</summary>
internal static class FakeTime
{
    public const string Missing = "A server's clock is moved by libfaketime, which was not found. Install it: apt-get install -y libfaketime";

    private const string Name = "libfaketime.so.1";

    /// <summary>Where the library is.</summary>
    public static string? Library { get; } = OperatingSystem.IsLinux()
        ? new[] { "/usr/lib", "/usr/lib64", "/usr/local/lib" }.Where(Directory.Exists).SelectMany(Candidates).FirstOrDefault(File.Exists)
        : null;

    /// <summary>What is put before a command to give it that time.</summary>
    /// <remarks>
    /// By env, right before the program: the library makes files for the user that runs it, who isn't yet the server's when
    /// the user is still to be changed.
    /// </remarks>
    public static string[] Prefix(TimeSpan offset) =>
    [
        "env",
        $"LD_PRELOAD={Library ?? throw new PostgresClusterException(Missing)}",
        "FAKETIME=" + offset.TotalSeconds.ToString("+0.###;-0.###", CultureInfo.InvariantCulture),
        // Time-outs are about how long something takes.
        "FAKETIME_DONT_FAKE_MONOTONIC=1",
    ];

    // Distributions put it into a directory of its own, in that of the architecture.
    private static IEnumerable<string> Candidates(string root) =>
        Directory.EnumerateDirectories(root, "*-linux-*").Append(root)
            .SelectMany(static d => new[] { Path.Combine(d, "faketime", Name), Path.Combine(d, Name) });
}
