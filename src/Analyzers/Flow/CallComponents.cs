using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// The methods that one leads to, each after those that it calls; those that lead to each other together. Tarjan's algorithm, on
/// a stack of its own.
/// </summary>
/// <param name="callees">The methods that one calls.</param>
internal sealed class CallComponents(Func<IMethodSymbol, IReadOnlyList<IMethodSymbol>> callees)
{
    private readonly Dictionary<IMethodSymbol, Node> _nodes = new(SymbolEqualityComparer.Default);
    private readonly Stack<Node> _open = new();
    private readonly List<IReadOnlyList<IMethodSymbol>> _components = [];

    public IReadOnlyList<IReadOnlyList<IMethodSymbol>> From(IMethodSymbol start)
    {
        var way = new Stack<Node>();
        way.Push(Enter(start));
        while (way.Count > 0)
        {
            var node = way.Peek();
            if (node.Next == node.Callees.Count)
            {
                way.Pop();
                if (way.Count > 0)
                    way.Peek().Reaches(node.Lowest);
                if (node.Lowest == node.Number)
                    Close(node);
                continue;
            }

            var callee = node.Callees[node.Next++];
            if (!_nodes.TryGetValue(callee, out var known))
                way.Push(Enter(callee));
            else if (known.IsOpen)
                node.Reaches(known.Number);
        }

        return _components;
    }

    private Node Enter(IMethodSymbol method)
    {
        var node = new Node(method, callees(method), _nodes.Count);
        _nodes.Add(method, node);
        _open.Push(node);
        return node;
    }

    private void Close(Node root)
    {
        var component = new List<IMethodSymbol>();
        Node node;
        do
        {
            node = _open.Pop();
            node.IsOpen = false;
            component.Add(node.Method);
        }
        while (node != root);
        _components.Add(component);
    }

    private sealed class Node(IMethodSymbol method, IReadOnlyList<IMethodSymbol> callees, int number)
    {
        public IMethodSymbol Method { get; } = method;

        public IReadOnlyList<IMethodSymbol> Callees { get; } = callees;

        public int Number { get; } = number;

        public int Lowest { get; private set; } = number;

        public int Next { get; set; }

        public bool IsOpen { get; set; } = true;

        public void Reaches(int number) => Lowest = Math.Min(Lowest, number);
    }
}
