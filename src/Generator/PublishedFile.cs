using CompileTimeRouting.Roslyn;

namespace CompileTimeRouting.Generator;

/// <summary>All that an assembly tells of its methods, which is one file.</summary>
/// <param name="Effects">Other assemblies, of methods without an attribute, in the order of their ids.</param>
/// <param name="Tables">Other assemblies, of routed methods with a core, in the order of their ids.</param>
/// <param name="Routes">The running application, of all routed methods, in the order of their names.</param>
internal sealed record PublishedFile(EquatableArray<PublishedEffect> Effects, EquatableArray<PublishedTables> Tables, EquatableArray<PublishedRoute> Routes)
{
    /// <summary>No type's file is named so: a hyphen stands in one only before a number.</summary>
    public const string HintName = "Published-Effects" + GeneratedMembers.FileSuffix;
}
