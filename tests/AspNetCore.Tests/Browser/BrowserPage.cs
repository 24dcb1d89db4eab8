using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Xunit.Sdk;

namespace CompileTimeRouting.AspNetCore.Tests.Browser;

/// <summary>A page in Chromium, driven by playwright-core in a process of node.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly Task<string> _errors;

    private BrowserPage(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>
    /// Starts one. Where there is no browser the test is skipped, with the reason; where CTR_BROWSER=required, as in CI, it
    /// fails.
    /// </summary>
    public static async Task<BrowserPage> StartAsync()
    {
        if (Folder() is not { } folder)
            throw Missing("the folder tests/AspNetCore.Tests/Browser isn't above the test's own");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "playwright-core")))
            throw Missing("playwright-core isn't installed: npm ci --prefix tests/AspNetCore.Tests/Browser");
        if (Find("node") is not { } node)
            throw Missing("node isn't installed");
        if (Chromium() is not { } chromium)
            throw Missing("Chromium isn't installed (Debian: apt-get install chromium), nor named by CTR_CHROMIUM");

        var page = new BrowserPage(Process.Start(new ProcessStartInfo(node, [Path.Combine(folder, "browser.mjs"), chromium])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        })!);
        await page.AnswerAsync();
        return page;
    }

    public Task OpenAsync(string url) => SendAsync(new { @do = "open", url });

    /// <param name="width">The window's, in pixels.</param>
    /// <param name="height">The window's, in pixels.</param>
    /// <param name="scheme">light or dark.</param>
    public Task LookAsync(int width, int height, string scheme) => SendAsync(new { @do = "look", width, height, scheme });

    public async Task<T> EvalAsync<T>(string code) => (await SendAsync(new { @do = "eval", code })).Deserialize<T>()!;

    /// <summary>Waits until an expression is true on the page.</summary>
    public Task WaitAsync(string code, int timeout = 15_000) => SendAsync(new { @do = "wait", code, timeout });

    public Task FillAsync(string selector, string text) => SendAsync(new { @do = "fill", selector, text });

    public Task ShotAsync(string path, bool full = true) => SendAsync(new { @do = "shot", path, full });

    /// <summary>Errors and warnings on the page's console, and exceptions in its scripts.</summary>
    public async Task<string[]> ProblemsAsync() => (await SendAsync(new { @do = "problems" })).Deserialize<string[]>()!;

    /// <summary>Where the page has loaded anything from.</summary>
    public async Task<string[]> OriginsAsync() => (await SendAsync(new { @do = "origins" })).Deserialize<string[]>()!;

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task<JsonElement> SendAsync<T>(T command)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command));
        await _process.StandardInput.FlushAsync();
        return await AnswerAsync();
    }

    private async Task<JsonElement> AnswerAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        Assert.True(line is not null, line is null ? $"The browser ended: {await _errors}" : null);
        var answer = JsonSerializer.Deserialize<JsonElement>(line!);
        Assert.False(answer.TryGetProperty("error", out var error), error.ToString());
        return answer.GetProperty("value");
    }

    private static Exception Missing(string what) => Environment.GetEnvironmentVariable("CTR_BROWSER") == "required"
        ? new InvalidOperationException($"The dashboard can't be tested: {what}.")
        : SkipException.ForSkip($"No browser: {what}.");

    private static string? Chromium() =>
        Environment.GetEnvironmentVariable("CTR_CHROMIUM") is { Length: > 0 } named ? named : Find("chromium") ?? Find("chromium-browser") ?? Find("google-chrome");

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);

    private static string? Folder()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var found = Path.Combine(folder, "tests", "AspNetCore.Tests", "Browser");
            if (File.Exists(Path.Combine(found, "browser.mjs")))
                return found;
        }

        return null;
    }
}
