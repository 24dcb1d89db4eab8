using System.Reflection;

namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>The files of the repository the tests were built in.</summary>
internal static class Repository
{
    private static readonly string Root = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "Repository").Value!;

    public static string File(string path) => Path.Combine(Root, path);
}
