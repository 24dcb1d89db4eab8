using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CompileTimeRouting.Consistency.Processes;

/// <summary>
/// A process of its own with a data source of its own, as another instance of an application has. It is told on its input
/// what to do, one line each, and answers with one line.
/// </summary>
internal sealed class OtherProcess : IAsyncDisposable
{
    public const string Command = "other-process";

    private readonly Process _process;
    private readonly SemaphoreSlim _line = new(1);

    private OtherProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static async Task<OtherProcess> StartAsync(RoutingOptions options)
    {
        // By the runtime that runs this one, in whatever way it was started.
        var start = new ProcessStartInfo("dotnet", [typeof(OtherProcess).Assembly.Location, Command]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var other = new OtherProcess(Process.Start(start)!);
        await other.AskAsync(JsonSerializer.Serialize(new Settings(
            options.Primary!, [.. options.Replicas.Select(static r => r.ConnectionString!)], [.. options.TokenKeys], options.ReadYourWritesWait)));
        return other;
    }

    /// <summary>A read of a session that goes on from a token, over there.</summary>
    public async Task<Reading> ReadAsync(string token, bool requireSignature, long id)
    {
        var answer = (await AskAsync(string.Create(CultureInfo.InvariantCulture, $"read {(token.Length == 0 ? "-" : token)} {requireSignature} {id}"))).Split(' ');
        return new Reading(long.Parse(answer[0], CultureInfo.InvariantCulture), int.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    /// <summary>A write of a session over there, and its token.</summary>
    public Task<string> WriteAsync(long id, long version, bool signed) => AskAsync(string.Create(CultureInfo.InvariantCulture, $"write {id} {version} {signed}"));

    /// <summary>A session goes on over there from a token, writes a version unless it is 0, reads, and is exported again.</summary>
    public async Task<(Reading Reading, string Token)> GoOnAsync(string token, long id, long version)
    {
        var answer = (await AskAsync(string.Create(CultureInfo.InvariantCulture, $"go {token} {id} {version}"))).Split(' ');
        return (new Reading(long.Parse(answer[0], CultureInfo.InvariantCulture), int.Parse(answer[1], CultureInfo.InvariantCulture)), answer[2]);
    }

    public async ValueTask DisposeAsync()
    {
        _line.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>What the other process does.</summary>
    public static async Task<int> RunAsync()
    {
        var settings = JsonSerializer.Deserialize<Settings>((await Console.In.ReadLineAsync())!)!;
        await using var source = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = settings.Primary,
            Replicas = [.. settings.Replicas.Select(static r => new ReplicaOptions { ConnectionString = r })],
            TokenKeys = settings.TokenKeys,
            ReadYourWritesWait = settings.Wait,
        });
        await source.VerifyAsync();
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
            Console.WriteLine(await DoAsync(source, line.Split(' ')));
        return 0;
    }

    private static async Task<string> DoAsync(RoutedDataSource source, string[] command)
    {
        try
        {
            var counters = new Counters(source);
            if (command is ["read", var token, var requireSignature, var id])
            {
                using var session = source.BeginSession(token == "-" ? null : token, bool.Parse(requireSignature));
                var (version, port) = await counters.ReadAsync(long.Parse(id, CultureInfo.InvariantCulture));
                return string.Create(CultureInfo.InvariantCulture, $"{version} {port}");
            }

            if (command is ["go", var from, var row, var written])
            {
                using var going = source.BeginSession(from);
                if (written != "0")
                    await counters.WriteAsync(long.Parse(row, CultureInfo.InvariantCulture), long.Parse(written, CultureInfo.InvariantCulture));
                var (version, port) = await counters.ReadAsync(long.Parse(row, CultureInfo.InvariantCulture));
                var back = await going.ExportAsync();
                return string.Create(CultureInfo.InvariantCulture, $"{version} {port} {back}");
            }

            using var writing = source.BeginSession();
            await counters.WriteAsync(long.Parse(command[1], CultureInfo.InvariantCulture), long.Parse(command[2], CultureInfo.InvariantCulture));
            return bool.Parse(command[3]) ? await writing.ExportSignedAsync(TimeSpan.FromMinutes(1)) : await writing.ExportAsync();
        }
        catch (Exception e)
        {
            return $"failed {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}";
        }
    }

    private async Task<string> AskAsync(string line)
    {
        string answer;
        await _line.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
            answer = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The other process has ended.");
        }
        finally
        {
            _line.Release();
        }

        return !answer.StartsWith("failed", StringComparison.Ordinal) ? answer : throw new InvalidOperationException($"The other process: {answer}");
    }

    private sealed record Settings(string Primary, string[] Replicas, string[] TokenKeys, TimeSpan Wait);
}
