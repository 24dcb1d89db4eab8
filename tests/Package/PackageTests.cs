using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Package;

/// <summary>The package as a user has it: packed, restored from a feed into a project outside the repository, built, run.</summary>
public sealed class PackageTests(PackedPackage package)
{
    private const string Operators = """
        using System.Diagnostics;
        using CompileTimeRouting;
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.DataProtection;
        using Microsoft.AspNetCore.Hosting;
        using Microsoft.AspNetCore.Http;
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Logging;
        using OpenTelemetry;
        using OpenTelemetry.Metrics;
        using OpenTelemetry.Trace;

        internal static class Operators
        {
            public static async Task RunAsync(long id)
            {
                using var spans = new Spans();
                using var traces = Sdk.CreateTracerProviderBuilder().AddRoutingInstrumentation().AddProcessor(spans).Build();
                using var exporter = new Measured();
                using var reader = new BaseExportingMetricReader(exporter);
                using var metrics = Sdk.CreateMeterProviderBuilder().AddRoutingInstrumentation().AddReader(reader).Build();

                var builder = WebApplication.CreateSlimBuilder();
                builder.Logging.ClearProviders();
                builder.WebHost.UseUrls("http://127.0.0.1:0");
                builder.Services.AddRoutedDataSource(builder.Configuration);
                builder.Services.AddSingleton<NoteRepository>();
                builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
                builder.Services.AddProblemDetails();
                builder.Services.AddRoutingExceptionHandler();
                builder.Services.AddHealthChecks().AddRouting();
                await using var app = builder.Build();
                app.UseExceptionHandler();
                app.UseRoutingSession();
                app.MapHealthChecks("/health");
                app.MapRoutingEndpoints("/database", static options => options.AllowAnonymous = true);
                app.MapRoutingMetrics(configure: static options => options.AllowAnonymous = true);
                app.MapRoutingDashboard(configure: static options => options.AllowAnonymous = true);
                app.MapGet("/note", async context =>
                {
                    var db = context.RequestServices.GetRequiredService<RoutedDataSource>();
                    var note = await context.RequestServices.GetRequiredService<NoteRepository>().FindAsync(id, context.RequestAborted);
                    await context.Response.WriteAsync($"note {note is not null}, session {db.CurrentSession is not null}");
                }).AllowReplica();
                await app.StartAsync();

                using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
                var answers = new List<string>();
                foreach (var path in new[] { "health", "/database/health", "/database/pool-metrics", "/metrics", "/routing" })
                    answers.Add($"{path} {(int)(await client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode}");
                Console.WriteLine(string.Join(", ", answers));
                var note = await client.GetStringAsync(new Uri("/note", UriKind.Relative));
                metrics.ForceFlush();
                Console.WriteLine($"{note}, traced {spans.Seen > 0}, measured {exporter.Seen > 0}");
                await app.StopAsync();
            }

            private sealed class Spans : BaseProcessor<Activity>
            {
                public int Seen { get; private set; }

                public override void OnEnd(Activity data) => Seen++;
            }

            private sealed class Measured : BaseExporter<Metric>
            {
                public long Seen { get; private set; }

                public override ExportResult Export(in Batch<Metric> batch)
                {
                    Seen += batch.Count;
                    return ExportResult.Success;
                }
            }
        }
        """;

    [Fact]
    public async Task Consumer_builds_without_a_warning_and_is_routed()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 2 }, ct);
        var project = package.CreateConsumer("consumer");
        await AddOperatorsAsync(project, ct);

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
                "health 200, /database/health 200, /database/pool-metrics 200, /metrics 200, /routing 200",
                "note True, session True, traced True, measured True",
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
        var versions = Versions();
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
            [
                "analyzers/dotnet/cs/CompileTimeRouting.Analyzers.dll",
                "analyzers/dotnet/cs/CompileTimeRouting.CodeFixes.dll",
                "analyzers/dotnet/cs/CompileTimeRouting.Generator.dll",
                "lib/net10.0/CompileTimeRouting.dll",
            ],
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

    // In the same build: what an application takes of ASP.NET Core and of OpenTelemetry.
    private static async Task AddOperatorsAsync(string project, CancellationToken ct)
    {
        var folder = System.IO.Path.GetDirectoryName(project)!;
        var references = new[] { "CompileTimeRouting.AspNetCore", "CompileTimeRouting.OpenTelemetry", "OpenTelemetry" }
            .Select(static id => $"""<PackageReference Include="{id}" Version="{Versions().GetValueOrDefault(id, "$(PackageUnderTest)")}" />""");
        var text = await File.ReadAllTextAsync(project, ct);
        await File.WriteAllTextAsync(project, text.Replace("</ItemGroup>", string.Concat(references) + "</ItemGroup>", StringComparison.Ordinal), ct);
        var program = System.IO.Path.Combine(folder, "Program.cs");
        text = await File.ReadAllTextAsync(program, ct);
        await File.WriteAllTextAsync(program, text.Replace("internal sealed record Note", "await Operators.RunAsync(written.Id);\n\ninternal sealed record Note", StringComparison.Ordinal), ct);
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "Operators.cs"), Operators, ct);
    }

    // The versions that the repository pins; a package under test isn't among them.
    private static Dictionary<string, string> Versions() => XDocument.Load(System.IO.Path.Combine(PackedPackage.Repository, "Directory.Packages.props")).Descendants("PackageVersion")
        .ToDictionary(static e => e.Attribute("Include")!.Value, static e => e.Attribute("Version")!.Value);
}
