using System.Reflection;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>Where this project's sources are: caller paths are mapped in CI builds, so they don't say.</summary>
internal static class ProjectDirectory
{
    public static string Path { get; } = typeof(ProjectDirectory).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "ProjectDirectory").Value!;
}
