using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CompileTimeRouting.CodeFixes.Tests;

public class AssemblyTests
{
    private static readonly Assembly Fixes = typeof(RoutingCodeFixProvider).Assembly;

    public static TheoryData<Type> Providers => [.. Fixes.GetTypes().Where(static type => typeof(CodeFixProvider).IsAssignableFrom(type) && !type.IsAbstract)];

    /// <summary>Built on a newer Roslyn it would not load in an older IDE.</summary>
    [Fact]
    public void References_the_lowest_supported_Roslyn() => Assert.All(
        Fixes.GetReferencedAssemblies().Where(static a => a.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)),
        static a => Assert.Equal(new Version(4, 8, 0, 0), a.Version));

    /// <summary>Each IDE has its own version of everything else.</summary>
    [Fact]
    public void Needs_nothing_but_Roslyn_and_its_dependencies() => Assert.All(
        Fixes.GetReferencedAssemblies(),
        static a => Assert.True(
            a.Name is "netstandard" or "Microsoft.CodeAnalysis" or "Microsoft.CodeAnalysis.CSharp" or "Microsoft.CodeAnalysis.Workspaces"
                or "System.Collections.Immutable" or "System.Memory",
            a.Name));

    /// <summary>As a host finds it: exported for C#, made without arguments.</summary>
    [Theory]
    [MemberData(nameof(Providers))]
    public void Provider_is_exported_and_fixes_all(Type provider)
    {
        var export = provider.GetCustomAttribute<ExportCodeFixProviderAttribute>();
        Assert.Equal([LanguageNames.CSharp], export!.Languages);
        Assert.Equal(provider.Name, export.Name);
        var instance = (CodeFixProvider)Activator.CreateInstance(provider)!;
        Assert.NotEmpty(instance.FixableDiagnosticIds);
        Assert.Equal([FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution], instance.GetFixAllProvider()!.GetSupportedFixAllScopes().Order());
    }

    [Fact]
    public void Each_rule_with_a_fix_has_one() => Assert.Equal(
        ["CTR001", "CTR008", "CTR016", "CTR101", "CTR102", "CTR103", "CTR104", "CTR105", "CTR106", "CTR107", "CTR109", "CTR201", "CTR202", "CTR302"],
        Providers.SelectMany(static row => ((CodeFixProvider)Activator.CreateInstance(row.Data)!).FixableDiagnosticIds).Order(StringComparer.Ordinal));
}
