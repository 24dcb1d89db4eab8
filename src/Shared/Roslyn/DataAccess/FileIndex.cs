using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>Places in the source by a name. Each file is looked through once, however many compilations it is in. Safe to ask from many threads.</summary>
/// <param name="read">The name and the place that a node is; null for most.</param>
internal sealed class FileIndex<T>(Func<SyntaxNode, (string Name, T Place)?> read)
{
    private readonly ConditionalWeakTable<SyntaxTree, ILookup<string, T>> _perTree = new();

    /// <summary>The places of a file, in the order of the text.</summary>
    public IEnumerable<T> Of(string name, SyntaxTree tree, CancellationToken cancellationToken)
    {
        if (!_perTree.TryGetValue(tree, out var places))
        {
            // Not kept when it is cancelled.
            var root = tree.GetRoot(cancellationToken);
            places = _perTree.GetValue(tree, _ => Find(root));
        }

        return places[name];
    }

    private ILookup<string, T> Find(SyntaxNode root)
    {
        var found = new List<(string Name, T Place)>();
        foreach (var node in root.DescendantNodes())
        {
            if (read(node) is { } one)
                found.Add(one);
        }

        return found.ToLookup(static f => f.Name, static f => f.Place, StringComparer.Ordinal);
    }
}
