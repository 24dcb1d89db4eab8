namespace CompileTimeRouting.Generator;

/// <summary>What other assemblies are told of the tables that a routed method's core uses.</summary>
/// <param name="Method">The documentation-comment id of the method with the attribute.</param>
/// <param name="Reads">The tables that it reads, as SQL names with commas between them.</param>
/// <param name="Writes">The tables that it writes.</param>
internal sealed record PublishedTables(string Method, string Reads, string Writes);
