namespace CompileTimeRouting.Generator;

/// <summary>What other assemblies are told of a method.</summary>
/// <param name="Method">Its documentation-comment id.</param>
/// <param name="Write">The words that make it a write.</param>
internal sealed record PublishedEffect(string Method, string Write);
