using System.Diagnostics;
using System.Reflection;
using CompileTimeRouting.Package;

[assembly: AssemblyFixture(typeof(PackedPackage))]

namespace CompileTimeRouting.Package;

/// <summary>Packs the repository once, into a feed of its own, under a version that no cache can hold.</summary>
public sealed class PackedPackage : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ctr-package-").FullName;
    private readonly string _version = $"0.0.0-test.{Guid.NewGuid():n}";

    public static string Repository =>
        typeof(PackedPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "RepositoryRoot").Value!;

    private string Feed => System.IO.Path.Combine(_folder, "feed");

    public string Path => System.IO.Path.Combine(Feed, $"CompileTimeRouting.{_version}.nupkg");

    public string EntityFrameworkPath => System.IO.Path.Combine(Feed, $"CompileTimeRouting.EntityFrameworkCore.{_version}.nupkg");

    public string OpenTelemetryPath => System.IO.Path.Combine(Feed, $"CompileTimeRouting.OpenTelemetry.{_version}.nupkg");

    public string AspNetCorePath => System.IO.Path.Combine(Feed, $"CompileTimeRouting.AspNetCore.{_version}.nupkg");

    public async ValueTask InitializeAsync()
    {
        foreach (var project in new[] { "Runtime", "EntityFrameworkCore", "AspNetCore", "OpenTelemetry" })
            await RunAsync("dotnet", ["pack", System.IO.Path.Combine(Repository, "src", project), "-c", "Release", "-o", Feed, $"-p:Version={_version}", "-nologo"]);
    }

    /// <returns>The project file of a fresh copy of the consumer, outside the repository.</returns>
    public string CreateConsumer(string name)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(_folder, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(AppContext.BaseDirectory, "Consumer")))
            File.Copy(file, System.IO.Path.Combine(folder, System.IO.Path.GetFileNameWithoutExtension(file)));

        // A packages folder of its own: the package under test must not stay in the user's cache.
        File.WriteAllText(System.IO.Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="under-test" value="{Feed}" /></packageSources>
              <config><add key="globalPackagesFolder" value="{System.IO.Path.Combine(_folder, "packages")}" /></config>
              <fallbackPackageFolders><add key="user" value="{UserPackages()}" /></fallbackPackageFolders>
            </configuration>
            """);
        File.WriteAllText(System.IO.Path.Combine(folder, "Directory.Build.props"), $"""
            <Project><PropertyGroup><PackageUnderTest>{_version}</PackageUnderTest></PropertyGroup></Project>
            """);
        return System.IO.Path.Combine(folder, "Consumer.csproj");
    }

    public async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        // The build of a test run tells its children where MSBuild is; the consumer is nobody's child.
        foreach (var inherited in start.Environment.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(inherited);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}:\n{await output}\n{await errors}");
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string UserPackages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
