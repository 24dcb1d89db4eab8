namespace CompileTimeRouting.Roslyn.Models;

/// <summary>One type declaration to open: <c>record struct Inner&lt;T&gt;</c>.</summary>
/// <param name="Keyword">class, struct, record, record struct or interface.</param>
/// <param name="Name">The escaped identifier.</param>
/// <param name="TypeParameters">Their list with brackets, or nothing.</param>
internal sealed record TypeLevel(string Keyword, string Name, string TypeParameters);
