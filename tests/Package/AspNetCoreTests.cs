using System.IO.Compression;
using System.Xml.Linq;

namespace CompileTimeRouting.Package;

/// <summary>The package for ASP.NET Core.</summary>
public sealed class AspNetCoreTests(PackedPackage package)
{
    [Fact]
    public void Package_holds_one_assembly_and_depends_on_the_runtime_and_the_framework()
    {
        using var zip = ZipFile.OpenRead(package.AspNetCorePath);
        Assert.Equal(
            ["lib/net10.0/CompileTimeRouting.AspNetCore.dll"],
            zip.Entries.Select(static entry => entry.FullName).Where(static name => name.EndsWith(".dll", StringComparison.Ordinal)));
        using var stream = zip.GetEntry("CompileTimeRouting.AspNetCore.nuspec")!.Open();
        var elements = XDocument.Load(stream).Descendants().ToList();
        Assert.Equal(["CompileTimeRouting", "Npgsql"], elements.Where(static e => e.Name.LocalName == "dependency").Select(static e => e.Attribute("id")!.Value));
        Assert.Equal(["Microsoft.AspNetCore.App"], elements.Where(static e => e.Name.LocalName == "frameworkReference").Select(static e => e.Attribute("name")!.Value));
    }
}
