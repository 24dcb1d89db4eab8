using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// What other assemblies say of their methods, whose bodies aren't at hand: in a build each project that is referenced is
/// metadata. Safe to ask from many threads.
/// </summary>
internal sealed class PublishedEffects
{
    /// <summary>The attribute that says it.</summary>
    public const string Attribute = "CompileTimeRouting.PublishedEffectAttribute";

    private const string Runtime = "CompileTimeRouting";

    private static readonly Dictionary<string, string> None = [];

    private readonly ConcurrentDictionary<IAssemblySymbol, Dictionary<string, string>> _assemblies = new(SymbolEqualityComparer.Default);

    /// <summary>The words that make a method of another assembly a write; null where none are known.</summary>
    public string? Write(IMethodSymbol method)
    {
        var called = (method.ReducedFrom ?? method).OriginalDefinition;
        if (!called.DeclaringSyntaxReferences.IsEmpty || called.ContainingAssembly is not { } assembly)
            return null;
        var writes = _assemblies.GetOrAdd(assembly, Read);
        return writes.Count > 0 && called.GetDocumentationCommentId() is { } id && writes.TryGetValue(id, out var write) ? write : null;
    }

    // Most assemblies don't reference the runtime: their attributes needn't be decoded.
    private static Dictionary<string, string> Read(IAssemblySymbol assembly)
    {
        if (!assembly.Modules.Any(static m => m.ReferencedAssemblies.Any(static r => r.Name == Runtime)))
            return None;
        var writes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in assembly.GetAttributes())
        {
            if (attribute.AttributeClass?.ToDisplayString() == Attribute &&
                attribute.ConstructorArguments is [{ Value: string method }, { Value: string write }])
            {
                writes[method] = write;
            }
        }

        return writes;
    }
}
