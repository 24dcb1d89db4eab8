using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Package;

/// <summary>The package as a user has it: packed, restored from a feed into a project outside the repository, built, run.</summary>
public sealed class PackageTests(PackedPackage package) : IClassFixture<PackedPackage>
{
    [Fact]
    public async Task Consumer_builds_without_a_warning_and_is_routed()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 2 }, ct);
        var project = package.CreateConsumer("consumer");

        await package.RunAsync("dotnet", ["build", project, "-v:m", "-nologo"]);
        var output = await package.RunAsync("dotnet", ["run", "--no-build", "--project", project], new Dictionary<string, string>
        {
            ["DATABASE_URL"] = cluster.Primary.Url,
            ["READ_REPLICA_URLS"] = string.Join(',', cluster.Replicas.Select(static replica => replica.Url)),
            ["READ_REPLICA_WEIGHTS"] = "0.5,0.5",
        });

        Assert.Equal(
            [
                "write 1 recovery=False",
                "read 1 first recovery=True",
                "core recovery=True",
                "overload recovery=True",
                "unit of work sees its own write: True",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task Consumer_that_misuses_an_attribute_does_not_build()
    {
        var project = package.CreateConsumer("misuse");
        await File.AppendAllTextAsync(Path.Combine(Path.GetDirectoryName(project)!, "Program.cs"), """

            internal sealed partial class NoSource
            {
                [ReadQuery("select 1")]
                public partial Task<int> OneAsync();
            }
            """, TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => package.RunAsync("dotnet", ["build", project, "-v:m", "-nologo"]));

        Assert.Contains("error CTR002", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_of_the_readme_builds_as_it_stands()
    {
        var ct = TestContext.Current.CancellationToken;
        var readme = await File.ReadAllTextAsync(System.IO.Path.Combine(PackedPackage.Repository, "README.md"), ct);
        var section = readme[readme.IndexOf("## Use it in your app", StringComparison.Ordinal)..];
        var packages = Regex.Matches(section, @"^dotnet add package (\S+)", RegexOptions.Multiline).Select(static m => m.Groups[1].Value);
        var project = package.CreateConsumer("readme");

        // What 'dotnet new web' and these commands make.
        var versions = XDocument.Load(System.IO.Path.Combine(PackedPackage.Repository, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(static e => e.Attribute("Include")!.Value, static e => e.Attribute("Version")!.Value);
        var references = packages.Select(id => $"""<PackageReference Include="{id}" Version="{versions.GetValueOrDefault(id, "$(PackageUnderTest)")}" />""");
        await File.WriteAllTextAsync(project, $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>{string.Concat(references)}</ItemGroup>
            </Project>
            """, ct);
        await File.WriteAllTextAsync(
            System.IO.Path.Combine(System.IO.Path.GetDirectoryName(project)!, "Program.cs"),
            Regex.Match(section, "^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value,
            ct);

        await package.RunAsync("dotnet", ["build", project, "-v:m", "-nologo"]);
    }

    [Fact]
    public void Package_holds_the_compiler_side_and_no_dependency_of_it()
    {
        using var zip = ZipFile.OpenRead(package.Path);
        Assert.Equal(
            ["analyzers/dotnet/cs/CompileTimeRouting.Analyzers.dll", "analyzers/dotnet/cs/CompileTimeRouting.Generator.dll", "lib/net10.0/CompileTimeRouting.dll"],
            zip.Entries.Select(static entry => entry.FullName).Where(static name => name.EndsWith(".dll", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Package_depends_on_Npgsql_and_the_extensions_abstractions_only()
    {
        using var zip = ZipFile.OpenRead(package.Path);
        using var stream = zip.GetEntry("CompileTimeRouting.nuspec")!.Open();
        var dependencies = XDocument.Load(stream).Descendants().Where(static element => element.Name.LocalName == "dependency")
            .Select(static element => element.Attribute("id")!.Value);

        Assert.All(dependencies, static id => Assert.True(
            id is "Npgsql" or "Microsoft.Extensions.Options" || (id.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && id.EndsWith(".Abstractions", StringComparison.Ordinal)),
            id));
    }
}

/// <summary>Packs the repository once, into a feed of its own, under a version that no cache can hold.</summary>
public sealed class PackedPackage : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ctr-package-").FullName;
    private readonly string _version = $"0.0.0-test.{Guid.NewGuid():n}";

    public static string Repository =>
        typeof(PackedPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "RepositoryRoot").Value!;

    private string Feed => System.IO.Path.Combine(_folder, "feed");

    public string Path => System.IO.Path.Combine(Feed, $"CompileTimeRouting.{_version}.nupkg");

    public async ValueTask InitializeAsync()
    {
        await RunAsync("dotnet", ["pack", System.IO.Path.Combine(Repository, "src", "Runtime"), "-c", "Release", "-o", Feed, $"-p:Version={_version}", "-nologo"]);
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
