using System.IO.Compression;
using System.Xml.Linq;

namespace CompileTimeRouting.Package;

/// <summary>The packages for ASP.NET Core and for OpenTelemetry: who takes one gets nothing of the other.</summary>
public sealed class AspNetCoreTests(PackedPackage package)
{
    [Fact]
    public void Package_holds_one_assembly_and_depends_on_the_runtime_and_the_framework()
    {
        var (assemblies, nuspec) = Read(package.AspNetCorePath, "CompileTimeRouting.AspNetCore");
        Assert.Equal(["lib/net10.0/CompileTimeRouting.AspNetCore.dll"], assemblies);
        Assert.Equal(["CompileTimeRouting", "Npgsql"], Values(nuspec, "dependency", "id"));
        Assert.Equal(["Microsoft.AspNetCore.App"], Values(nuspec, "frameworkReference", "name"));
    }

    [Fact]
    public void Package_for_telemetry_depends_on_the_runtime_and_the_api_alone()
    {
        var (assemblies, nuspec) = Read(package.OpenTelemetryPath, "CompileTimeRouting.OpenTelemetry");
        Assert.Equal(["lib/net10.0/CompileTimeRouting.OpenTelemetry.dll"], assemblies);
        var dependencies = Values(nuspec, "dependency", "id").Where(static id => !id.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));
        Assert.Equal(["CompileTimeRouting", "Npgsql", "OpenTelemetry.Api"], dependencies.Order(StringComparer.Ordinal));
        Assert.Empty(Values(nuspec, "frameworkReference", "name"));
    }

    private static (List<string> Assemblies, XDocument Nuspec) Read(string path, string id)
    {
        using var zip = ZipFile.OpenRead(path);
        using var stream = zip.GetEntry($"{id}.nuspec")!.Open();
        return ([.. zip.Entries.Select(static entry => entry.FullName).Where(static name => name.EndsWith(".dll", StringComparison.Ordinal))], XDocument.Load(stream));
    }

    private static IEnumerable<string> Values(XDocument nuspec, string element, string attribute) =>
        nuspec.Descendants().Where(e => e.Name.LocalName == element).Select(e => e.Attribute(attribute)!.Value);
}
