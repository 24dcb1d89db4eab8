using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>
/// PostgreSQL's own parser as the npm package libpg-query, run by node: a second opinion on tables. It is fetched once into
/// a cache of the user.
/// </summary>
internal static class LibPgQuery
{
    private const string Version = "17.7.4";

    /// <summary>Whether each text is parsed, and its tables, in order.</summary>
    /// <exception cref="InvalidOperationException">node, npm or the package can't be had.</exception>
    public static async Task<IReadOnlyList<LibPgQueryAnswer>> AskAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var folder = await InstallAsync(cancellationToken);
        var script = Path.Combine(folder, "tables.cjs");
        await using (var resource = typeof(LibPgQuery).Assembly.GetManifestResourceStream("libpg-query-tables.cjs")!)
        await using (var file = File.Create(script))
        {
            await resource.CopyToAsync(file, cancellationToken);
        }

        var input = new StringBuilder();
        foreach (var text in texts)
            input.Append(JsonSerializer.Serialize(text)).Append('\n');
        var output = await RunAsync("node", [script], folder, input.ToString(), cancellationToken);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<LibPgQueryAnswer>(line, JsonSerializerOptions.Web)!)];
    }

    private static async Task<string> InstallAsync(CancellationToken cancellationToken)
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
        var folder = Path.Combine(cache, "compile-time-routing", "libpg-query-" + Version);
        if (File.Exists(Path.Combine(folder, "node_modules", "libpg-query", "package.json")))
            return folder;
        Directory.CreateDirectory(folder);
        await RunAsync(
            OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
            ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--loglevel=error", "libpg-query@" + Version],
            folder,
            "",
            cancellationToken);
        return folder;
    }

    private static async Task<string> RunAsync(string command, IEnumerable<string> arguments, string folder, string input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{command} failed: {await error}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException($"{command} can't be started: {e.Message}", e);
        }
    }
}

/// <param name="Parses">Whether the text is one of its grammar.</param>
/// <param name="Reads">Schema and name, or the name; null where the tables aren't compared.</param>
/// <param name="Writes">Likewise.</param>
internal sealed record LibPgQueryAnswer(bool Parses, IReadOnlyList<string>? Reads, IReadOnlyList<string>? Writes);
