using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Faults.Injection;

/// <summary>
/// Drops every packet to a node's port, as a firewall or a dead switch does: connects and queries get no answer at all.
/// Replication is another node's port and goes on. By iptables on the loopback interface, for which one must be root.
/// </summary>
internal sealed class BlackHole : IAsyncDisposable
{
    private readonly string[] _rule;

    private BlackHole(string[] rule) => _rule = rule;

    /// <summary>Why packets can't be dropped here; null where they can.</summary>
    public static async Task<string?> WhyUnavailableAsync()
    {
        if (!OperatingSystem.IsLinux())
            return "packets are dropped by iptables, which Linux has";
        var (code, output) = await RunAsync(["-w", "5", "-L", "INPUT", "-n"]);
        return code == 0 ? null : $"packets can't be dropped: {(output.Length == 0 ? "iptables failed" : output)}";
    }

    public static async Task<BlackHole> OpenAsync(PostgresNode node)
    {
        string[] rule = ["INPUT", "-i", "lo", "-p", "tcp", "--dport", node.Port.ToString(CultureInfo.InvariantCulture), "-j", "DROP"];
        var (code, output) = await RunAsync(["-w", "5", "-I", .. rule]);
        return code == 0 ? new BlackHole(rule) : throw new InvalidOperationException($"iptables: {output}");
    }

    public async ValueTask DisposeAsync() => await RunAsync(["-w", "5", "-D", .. _rule]);

    private static async Task<(int Code, string Output)> RunAsync(string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("iptables", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            await output;
            return (process.ExitCode, (await error).Trim());
        }
        catch (Win32Exception e)
        {
            return (-1, $"iptables can't be run ({e.Message}); install it: apt-get install -y iptables");
        }
    }
}
