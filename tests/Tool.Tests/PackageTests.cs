using System.Diagnostics;

namespace CompileTimeRouting.Tool.Tests;

/// <summary>The package as a user has it: packed, installed from a folder, run.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_installed_tool_runs()
    {
        var version = $"0.0.0-test.{Guid.NewGuid():n}";
        _folder.Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="under-test" value="{_folder.Path}/feed" /></packageSources>
              <config><add key="globalPackagesFolder" value="{_folder.Path}/packages" /></config>
            </configuration>
            """);
        await RunAsync("dotnet", "pack", Path.Combine(Ctr.Repository, "src", "Tool"), "-c", Ctr.Configuration, "--no-build", "-o", $"{_folder.Path}/feed", $"-p:Version={version}", "-nologo");
        await RunAsync(
            "dotnet", "tool", "install", "CompileTimeRouting.Tool", "--version", version, "--tool-path", $"{_folder.Path}/tools", "--configfile", $"{_folder.Path}/nuget.config");
        _folder.Write("a.sql", "select 1; delete from t");
        var output = await RunAsync($"{_folder.Path}/tools/ctr", "sql", "classify", "a.sql");

        Assert.Contains("2 statements: 1 replica, 1 primary, 0 unknown", output, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path };
        // The build of a test run tells its children where MSBuild is.
        foreach (var inherited in start.Environment.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(inherited);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var ct = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}:\n{await output}\n{await errors}");
        return await output;
    }
}
