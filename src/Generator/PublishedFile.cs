using CompileTimeRouting.Roslyn;

namespace CompileTimeRouting.Generator;

/// <summary>All that an assembly tells others of its methods, which is one file.</summary>
/// <param name="Effects">Of methods without an attribute, in the order of their ids.</param>
/// <param name="Tables">Of routed methods with a core, in the order of their ids.</param>
internal sealed record PublishedFile(EquatableArray<PublishedEffect> Effects, EquatableArray<PublishedTables> Tables)
{
    /// <summary>No type's file is named so: a hyphen stands in one only before a number.</summary>
    public const string HintName = "Published-Effects" + GeneratedMembers.FileSuffix;
}
