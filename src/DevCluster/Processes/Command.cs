using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    public sealed record Result(int ExitCode, string Output)
    {
        public bool Succeeded => ExitCode == 0;
    }

    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="user">Who runs it; <see langword="null"/> for the user of this process.</param>
    /// <param name="directory">Where it runs: a directory that the user may enter.</param>
    /// <param name="environment">Variables besides those inherited.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public static async Task<Result> RunAsync(
        string file,
        IReadOnlyList<string> arguments,
        ServerUser? user = null,
        string? directory = null,
        IReadOnlyDictionary<string, string>? environment = null,
        CancellationToken cancellationToken = default)
    {
        string[] line = [.. user?.Prefix ?? [], file, .. arguments];
        var start = new ProcessStartInfo(line[0], line.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        // A PGDATA, PGPORT or PGOPTIONS of the user's shell is about another server.
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        // Messages are searched for words; a time zone that is given need not be guessed by initdb.
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        var output = new StringBuilder();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new Result(-1, $"{file} can't be run: {e.Message}");
        }
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        lock (output)
            return new Result(process.ExitCode, output.ToString().TrimEnd());

        void Append(object sender, DataReceivedEventArgs e)
        {
            if (e.Data is null)
                return;
            lock (output)
                output.AppendLine(e.Data);
        }
    }

    /// <summary>The full path of a program on PATH.</summary>
    public static string? Find(string name)
    {
        string[] suffixes = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(_ => suffixes, (directory, suffix) => Path.Combine(directory, name + suffix))
            .FirstOrDefault(File.Exists);
    }
}
