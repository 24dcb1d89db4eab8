namespace CompileTimeRouting.Generator.Tests;

public class RoslynPinTests
{
    /// <summary>A generator built on a newer Roslyn than the user's compiler is dropped with a warning only.</summary>
    [Fact]
    public void Generator_references_the_lowest_supported_Roslyn() => Assert.All(
        typeof(RoutingGenerator).Assembly.GetReferencedAssemblies().Where(static a => a.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)),
        static a => Assert.Equal(new Version(4, 8, 0, 0), a.Version));

    /// <summary>A dependency of its own would have to be shipped beside it, and would fight other packages' copies.</summary>
    [Fact]
    public void Generator_needs_nothing_but_Roslyn_and_its_dependencies() => Assert.All(
        typeof(RoutingGenerator).Assembly.GetReferencedAssemblies(),
        static a => Assert.True(a.Name is "netstandard" or "Microsoft.CodeAnalysis" or "Microsoft.CodeAnalysis.CSharp" or "System.Collections.Immutable" or "System.Memory", a.Name));
}
