using System.Diagnostics;
using System.Globalization;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.AspNetCore.Tests.Hosting;

/// <summary>The sample as its users start it: a process of its own that serves, over servers that are given to it.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _said = [];

    private SampleProcess(Process process, Uri address)
    {
        (_process, Client) = (process, new HttpClient { BaseAddress = address });
        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; }

    /// <summary>Starts it, and waits until it has filled its tables and serves.</summary>
    /// <param name="cluster">The servers.</param>
    /// <param name="host">The address that it listens on: 0.0.0.0 for all of the machine's.</param>
    public static async Task<SampleProcess> StartAsync(PostgresCluster cluster, string host = "127.0.0.1")
    {
        var port = FreePort.Next();
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Assembly(), "--urls", string.Create(CultureInfo.InvariantCulture, $"http://{host}:{port}")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DATABASE_URL"] = cluster.Primary.Url;
        start.Environment["READ_REPLICA_URLS"] = string.Join(',', cluster.Replicas.Select(static replica => replica.Url));
        var sample = new SampleProcess(Process.Start(start)!, new Uri(address));
        try
        {
            await Waiting.UntilAsync(sample.ServesAsync, "the sample serves", TimeSpan.FromMinutes(2));
            return sample;
        }
        catch
        {
            await sample.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // Built as these tests are, in the folder that theirs corresponds to.
    private static string Assembly()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var configuration = output.Parent!;
        var repository = configuration.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(repository.FullName, "samples", "BookedBarber", "bin", configuration.Name, output.Name, "BookedBarber.dll");
    }

    private async Task<bool> ServesAsync()
    {
        if (_process.HasExited)
        {
            lock (_said)
                Assert.Fail($"The sample ended: {string.Join(Environment.NewLine, _said)}");
        }

        try
        {
            return (await Client.GetAsync("healthz")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
            _said.Add(line.Data ?? "");
    }
}
