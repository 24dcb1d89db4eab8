namespace CompileTimeRouting.Roslyn.Models;

/// <summary>The type that a shim is generated into.</summary>
/// <param name="Namespace">The namespace with escaped identifiers; empty for the global one.</param>
/// <param name="Levels">The declarations to open, the outermost first.</param>
/// <param name="MetadataName">Namespace, names and arities: <c>App.Outer.Inner_1</c>.</param>
/// <param name="DisplayName">Namespace and names, as routes are named: <c>App.Outer.Inner</c>.</param>
/// <param name="MemberPrefix">What generated members start with; no member of the type does.</param>
internal sealed record ContainingType(
    string Namespace,
    EquatableArray<TypeLevel> Levels,
    string MetadataName,
    string DisplayName,
    string MemberPrefix);
