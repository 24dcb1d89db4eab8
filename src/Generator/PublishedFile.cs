using CompileTimeRouting.Roslyn;

namespace CompileTimeRouting.Generator;

/// <summary>All that an assembly tells others of its methods, which is one file.</summary>
/// <param name="Effects">In the order of the methods' ids.</param>
internal sealed record PublishedFile(EquatableArray<PublishedEffect> Effects)
{
    /// <summary>No type's file is named so: a hyphen stands in one only before a number.</summary>
    public const string HintName = "Published-Effects" + GeneratedMembers.FileSuffix;
}
