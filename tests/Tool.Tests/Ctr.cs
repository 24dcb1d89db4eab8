using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace CompileTimeRouting.Tool.Tests;

/// <summary>Runs the tool as built, as a process of its own.</summary>
internal static class Ctr
{
    public static string Repository { get; } = Metadata("RepositoryRoot");

    public static string Configuration { get; } = Metadata("Configuration");

    private static string Dll { get; } = Metadata("Tool");

    public static Task<Outcome> RunAsync(params string[] arguments) => RunAsync(arguments, []);

    public static Task<Outcome> RunAsync(string[] arguments, string input) => RunAsync(arguments, Encoding.UTF8.GetBytes(input));

    public static async Task<Outcome> RunAsync(string[] arguments, byte[] input, string? folder = null)
    {
        using var process = Start(arguments, folder);
        var ct = TestContext.Current.CancellationToken;
        var output = ReadAsync(process.StandardOutput.BaseStream);
        var errors = process.StandardError.ReadToEndAsync(ct);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading.
        }

        await process.WaitForExitAsync(ct);
        return new Outcome(process.ExitCode, await output, await errors);
    }

    public static Process Start(string[] arguments, string? folder = null) => Start("dotnet", [Dll, .. arguments], folder);

    /// <summary>Starts it with its standard output in a file.</summary>
    public static Process StartInto(string file, string[] arguments) => Start("sh", ["-c", $"exec dotnet \"$0\" \"$@\" > {file}", Dll, .. arguments], null);

    private static Process Start(string program, string[] arguments, string? folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        return Process.Start(start)!;
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }

    private static string Metadata(string key) =>
        typeof(Ctr).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}

/// <param name="ExitCode">How it ended.</param>
/// <param name="Bytes">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record Outcome(int ExitCode, byte[] Bytes, string Errors)
{
    public string Output => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes);

    public string[] Lines => Output.Length == 0 ? [] : Output.TrimEnd('\n').Split('\n');
}
