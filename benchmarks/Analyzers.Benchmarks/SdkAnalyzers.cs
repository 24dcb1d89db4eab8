using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CompileTimeRouting.Analyzers.Benchmarks;

/// <summary>The .NET analyzers of the SDK that builds this, as far as the compiler runs them by default: those that can warn.</summary>
internal static class SdkAnalyzers
{
    private static readonly string[] Files = ["Microsoft.CodeAnalysis.NetAnalyzers.dll", "Microsoft.CodeAnalysis.CSharp.NetAnalyzers.dll"];

    /// <exception cref="InvalidOperationException">The SDK has none.</exception>
    public static ImmutableArray<DiagnosticAnalyzer> Load()
    {
        var folder = typeof(SdkAnalyzers).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "SdkAnalyzers").Value!;
        ImmutableArray<DiagnosticAnalyzer> found = [.. Files
            .SelectMany(file => new AnalyzerFileReference(Path.Combine(folder, file), new Loader()).GetAnalyzers(LanguageNames.CSharp))
            .Where(static a => a.SupportedDiagnostics.Any(static d => d.IsEnabledByDefault && d.DefaultSeverity >= DiagnosticSeverity.Warning))];
        return found.IsEmpty ? throw new InvalidOperationException($"No analyzers in {folder}.") : found;
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
