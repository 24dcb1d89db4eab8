using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace CompileTimeRouting;

/// <summary>
/// Lists the routed methods of the application, called or not. It costs a call nothing: the generator has written the list
/// into each assembly as attributes, which are read when somebody asks. Safe for use by many threads.
/// </summary>
public static class RouteManifest
{
    private static readonly ConditionalWeakTable<Assembly, PublishedRouteAttribute[]> Known = [];

    /// <summary>The routed methods of all assemblies that are loaded by now.</summary>
    /// <returns>In the order of their names; overloads have the same name.</returns>
    public static ImmutableArray<PublishedRouteAttribute> Read() =>
        [.. AppDomain.CurrentDomain.GetAssemblies().SelectMany(Of).OrderBy(static route => route.Name, StringComparer.Ordinal)];

    // An assembly that is loaded doesn't change any more.
    private static PublishedRouteAttribute[] Of(Assembly assembly) =>
        assembly.IsDynamic ? [] : Known.GetValue(assembly, static one => [.. one.GetCustomAttributes<PublishedRouteAttribute>()]);
}
