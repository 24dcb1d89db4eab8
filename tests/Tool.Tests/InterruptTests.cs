using System.Globalization;
using System.Runtime.InteropServices;

namespace CompileTimeRouting.Tool.Tests;

/// <summary>Ctrl-C ends it, whatever it waits for.</summary>
public partial class InterruptTests
{
    private const int Interrupt = 2;

    [Theory]
    [InlineData("--ndjson")]
    [InlineData("--json")]
    public async Task An_interrupt_while_it_waits_for_input_ends_it(string option)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are Unix's.");
        Assert.SkipWhen(IsInterruptIgnored(), "SIGINT is ignored here, as it is in what a shell starts in the background: processes started from it ignore it, too.");
        var ct = TestContext.Current.CancellationToken;
        using var process = Ctr.Start(["sql", "classify", option]);
        try
        {
            await process.StandardInput.WriteLineAsync("{\"id\":1,\"sql\":\"select 1\"}");
            await process.StandardInput.FlushAsync(ct);
            // The one has answered by then; the other says nothing before the end of its input.
            if (option == "--ndjson")
                await process.StandardOutput.ReadLineAsync(ct);
            else
                await Task.Delay(TimeSpan.FromSeconds(5), ct);
            Assert.Equal(0, Kill(process.Id, Interrupt));
            await process.WaitForExitAsync(ct).WaitAsync(TimeSpan.FromSeconds(60), ct);
            Assert.Equal(130, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static bool IsInterruptIgnored()
    {
        const string Field = "SigIgn:";
        return File.Exists("/proc/self/status") &&
            File.ReadLines("/proc/self/status").FirstOrDefault(static line => line.StartsWith(Field, StringComparison.Ordinal)) is { } line &&
            (ulong.Parse(line.AsSpan(Field.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & (1ul << (Interrupt - 1))) != 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
