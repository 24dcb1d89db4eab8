using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess.Tables;

/// <summary>
/// What other assemblies say of the tables that the cores of their routed methods use: in a build their bodies aren't at hand.
/// Safe to ask from many threads.
/// </summary>
internal sealed class PublishedTables
{
    /// <summary>The attribute that says it.</summary>
    public const string Attribute = "CompileTimeRouting.PublishedTablesAttribute";

    private readonly ConcurrentDictionary<IAssemblySymbol, Dictionary<string, TableAccess>> _assemblies = new(SymbolEqualityComparer.Default);

    /// <summary>The tables of a method of another assembly; none where nothing is said.</summary>
    /// <param name="method">The method that has the attribute.</param>
    public TableAccess Of(IMethodSymbol method) =>
        method.ContainingAssembly is { } assembly && _assemblies.GetOrAdd(assembly, Read) is { Count: > 0 } methods &&
        method.GetDocumentationCommentId() is { } id && methods.TryGetValue(id, out var tables)
            ? tables
            : TableAccess.None;

    private static Dictionary<string, TableAccess> Read(IAssemblySymbol assembly)
    {
        var methods = new Dictionary<string, TableAccess>(StringComparer.Ordinal);
        foreach (var attribute in assembly.GetAttributes())
        {
            if (attribute.AttributeClass?.ToDisplayString() == Attribute &&
                attribute.ConstructorArguments is [{ Value: string method }, { Value: string reads }, { Value: string writes }])
            {
                methods[method] = new TableAccess(SqlTables.Parse(reads), SqlTables.Parse(writes));
            }
        }

        return methods;
    }
}
