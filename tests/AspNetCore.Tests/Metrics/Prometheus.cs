using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit.Sdk;

namespace CompileTimeRouting.AspNetCore.Tests.Metrics;

/// <summary>A real Prometheus that scrapes an application every half second.</summary>
internal sealed class Prometheus : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ctr-prometheus-");
    private readonly HttpClient _client = new();
    private Process? _process;

    public static string Rules => Path.Combine(AppContext.BaseDirectory, "prometheus");

    public static async Task<Prometheus> StartAsync(string program, Uri scraped, string rules)
    {
        var prometheus = new Prometheus();
        await prometheus.RunAsync(program, scraped, rules);
        return prometheus;
    }

    /// <summary>
    /// Where a program of the machine is. Where it isn't there the test is skipped; where CTR_PROMETHEUS=required, as in CI, it
    /// fails.
    /// </summary>
    public static string Find(string program)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (found is not null)
            return found;
        var missing = $"{program} isn't installed (Debian: apt-get install prometheus).";
        throw Environment.GetEnvironmentVariable("CTR_PROMETHEUS") == "required"
            ? new InvalidOperationException($"The alert rules can't be tested: {missing}")
            : SkipException.ForSkip(missing);
    }

    /// <summary>The alerts that are firing, as name and replica.</summary>
    public async Task<string[]> FiringAsync()
    {
        var answer = await _client.GetFromJsonAsync<JsonElement>("api/v1/alerts");
        return [.. answer.GetProperty("data").GetProperty("alerts").EnumerateArray()
            .Where(static alert => alert.GetProperty("state").GetString() == "firing")
            .Select(static alert => alert.GetProperty("labels"))
            .Select(static labels => $"{labels.GetProperty("alertname").GetString()} {(labels.TryGetProperty("replica", out var replica) ? replica.GetString() : "")}")];
    }

    /// <summary>How many series a metric has.</summary>
    public async Task<int> SeriesAsync(string metric)
    {
        var answer = await _client.GetFromJsonAsync<JsonElement>($"api/v1/query?query={metric}");
        return answer.GetProperty("data").GetProperty("result").GetArrayLength();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private async Task RunAsync(string program, Uri scraped, string rules)
    {
        var port = FreePort.Next();
        _client.BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "rules.yml"), rules);
        var config = Path.Combine(_folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(config, $"""
            global:
              scrape_interval: 500ms
              scrape_timeout: 500ms
              evaluation_interval: 500ms
            rule_files: [rules.yml]
            scrape_configs:
              - job_name: app
                static_configs:
                  - targets: ["{scraped.Authority}"]
            """);
        _process = Process.Start(new ProcessStartInfo(program, [
            $"--config.file={config}", $"--storage.tsdb.path={Path.Combine(_folder.FullName, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
        {
            RedirectStandardError = true,
        })!;
        _process.BeginErrorReadLine();
        await Waiting.UntilAsync(IsReadyAsync, "Prometheus is ready");
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process!.HasExited, "Prometheus ended while it started.");
        try
        {
            return (await _client.GetAsync("-/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
