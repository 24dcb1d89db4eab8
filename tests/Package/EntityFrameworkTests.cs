using System.IO.Compression;
using System.Xml.Linq;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Package;

/// <summary>The package for EF Core as a user has it, beside the one with the generator.</summary>
public sealed class EntityFrameworkTests(PackedPackage package)
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <AnalysisLevel>latest-recommended</AnalysisLevel>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="CompileTimeRouting.EntityFrameworkCore" Version="$(PackageUnderTest)" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        using CompileTimeRouting;
        using CompileTimeRouting.EntityFrameworkCore;
        using Microsoft.EntityFrameworkCore;

        await using var source = RoutedDataSource.Create(RoutingOptions.FromEnvironment());
        await source.VerifyAsync();
        var notes = new NoteRepository(new RoutedDbContextFactory<NotesContext>(source));
        await notes.CreateAsync();
        Console.WriteLine($"write recovery={await notes.AddAsync("first")}");

        // The replica is waited for here.
        #pragma warning disable CTR201
        while (await notes.CountAsync() == 0)
            await Task.Delay(5);
        Console.WriteLine($"read recovery={await notes.IsInRecoveryAsync()}");
        Console.WriteLine($"overload {notes.Bodies().Count}");

        internal sealed class Note
        {
            public long Id { get; set; }

            public string Body { get; set; } = "";
        }

        internal sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
        {
            public DbSet<Note> Notes => Set<Note>();
        }

        internal sealed partial class NoteRepository(RoutedDbContextFactory<NotesContext> contexts)
        {
            [WriteCommand]
            public partial Task<bool> CreateAsync();

            private static Task<bool> CreateAsync(NotesContext db) => db.Database.EnsureCreatedAsync();

            [WriteCommand(Transaction = true)]
            public partial Task<bool> AddAsync(string body, CancellationToken ct = default);

            private static async Task<bool> AddAsync(NotesContext db, string body, CancellationToken ct)
            {
                db.Notes.Add(new Note { Body = body });
                await db.SaveChangesAsync(ct).ConfigureAwait(false);
                return await IsInRecoveryAsync(db, ct).ConfigureAwait(false);
            }

            [ReadQuery]
            public partial Task<int> CountAsync(CancellationToken ct = default);

            private static Task<int> CountAsync(NotesContext db, CancellationToken ct) => db.Notes.CountAsync(ct);

            [ReadQuery]
            public partial Task<bool> IsInRecoveryAsync(CancellationToken ct = default);

            private static Task<bool> IsInRecoveryAsync(NotesContext db, CancellationToken ct) =>
                db.Database.SqlQuery<bool>($"select pg_is_in_recovery() as \"Value\"").SingleAsync(ct);

            [ReadQuery]
            public static List<string> Bodies(NotesContext db) => [.. db.Notes.Select(static n => n.Body)];
        }
        """;

    [Fact]
    public async Task Consumer_builds_without_a_warning_and_is_routed()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 1 }, ct);
        var project = await CreateAsync("contexts", Program);
        await package.RunAsync("dotnet", ["build", project, "-v:m", "-nologo"]);
        var output = await package.RunAsync("dotnet", ["run", "--no-build", "--project", project], new Dictionary<string, string>
        {
            ["DATABASE_URL"] = cluster.Primary.Url,
            ["READ_REPLICA_URLS"] = cluster.Replicas[0].Url,
        });
        Assert.Equal(
            ["write recovery=False", "read recovery=True", "overload 1"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task A_read_that_saves_does_not_build()
    {
        var project = await CreateAsync("saving", Program.Replace("=> db.Notes.CountAsync(ct);", "=> db.SaveChangesAsync(ct);", StringComparison.Ordinal));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => package.RunAsync("dotnet", ["build", project, "-v:m", "-nologo"]));
        Assert.Contains("error CTR104", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Package_holds_one_assembly_and_depends_on_the_runtime_and_the_provider()
    {
        using var zip = ZipFile.OpenRead(package.EntityFrameworkPath);
        Assert.Equal(
            ["lib/net10.0/CompileTimeRouting.EntityFrameworkCore.dll"],
            zip.Entries.Select(static entry => entry.FullName).Where(static name => name.EndsWith(".dll", StringComparison.Ordinal)));
        using var stream = zip.GetEntry("CompileTimeRouting.EntityFrameworkCore.nuspec")!.Open();
        var dependencies = XDocument.Load(stream).Descendants().Where(static element => element.Name.LocalName == "dependency")
            .Select(static element => element.Attribute("id")!.Value).ToList();
        Assert.Contains("CompileTimeRouting", dependencies);
        Assert.Contains("Npgsql.EntityFrameworkCore.PostgreSQL", dependencies);
        Assert.All(dependencies, static id => Assert.True(
            id is "CompileTimeRouting" or "Npgsql" || id.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) || id.Contains("EntityFrameworkCore", StringComparison.Ordinal), id));
    }

    private async Task<string> CreateAsync(string name, string program)
    {
        var project = package.CreateConsumer(name);
        await File.WriteAllTextAsync(project, Project, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(project)!, "Program.cs"), program, TestContext.Current.CancellationToken);
        return project;
    }
}
