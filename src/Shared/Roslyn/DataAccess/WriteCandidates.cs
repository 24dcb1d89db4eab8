using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// Which methods of a compilation may write at all, told from names and declarations without binding a body: those that
/// touch something of a data-access library, and those that mention the name of such a member together with its type.
/// </summary>
internal sealed class WriteCandidates
{
    private readonly DeclaredTypes _declared;
    private readonly Dictionary<string, List<Body>> _mentions = new(StringComparer.Ordinal);
    private readonly Dictionary<SyntaxNode, Body> _bodies = [];
    private readonly HashSet<(string Name, string Type)> _spread = [];
    private readonly Queue<Body> _pending = new();
    private readonly HashSet<string> _abstract = new(StringComparer.Ordinal);

    private WriteCandidates(DeclaredTypes declared) => _declared = declared;

    /// <summary>Those of a compilation.</summary>
    public static WriteCandidates Of(Compilation compilation, CancellationToken cancellationToken)
    {
        var found = new WriteCandidates(new DeclaredTypes(compilation, cancellationToken));
        foreach (var tree in compilation.SyntaxTrees)
            found.AddBodies(tree.GetRoot(cancellationToken));
        found.Spread(cancellationToken);
        return found;
    }

    /// <summary>Whether a method is one; of an abstract one, whether a member of its name is.</summary>
    public bool Has(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (method.IsAbstract)
            return _abstract.Contains(method.AssociatedSymbol?.Name ?? method.Name);
        foreach (var reference in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
        {
            for (var node = reference.GetSyntax(cancellationToken); node is not null and not BaseTypeDeclarationSyntax; node = node.Parent)
            {
                if (_bodies.TryGetValue(node, out var body) && body.IsCandidate)
                    return true;
            }
        }

        return false;
    }

    private void AddBodies(SyntaxNode root)
    {
        foreach (var node in root.DescendantNodes(static n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
        {
            if (node is not MemberDeclarationSyntax member || Name(member) is not { } name)
                continue;
            var type = member.FirstAncestorOrSelf<TypeDeclarationSyntax>(t => t != member)?.Identifier.ValueText ?? "";
            var isExtension = member is MethodDeclarationSyntax { ParameterList.Parameters: [var first, ..] } && first.Modifiers.Any(SyntaxKind.ThisKeyword);
            var body = new Body(name, type, isExtension);
            _bodies.Add(member, body);
            AddMentions(member, body);
        }
    }

    private static string? Name(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        FieldDeclarationSyntax field => field.Declaration.Variables.FirstOrDefault()?.Identifier.ValueText,
        IndexerDeclarationSyntax => Body.Indexer,
        // Whoever uses one writes no name.
        BaseMethodDeclarationSyntax => Body.Operator,
        _ => null,
    };

    private void AddMentions(SyntaxNode member, Body body)
    {
        foreach (var token in member.DescendantTokens())
        {
            var mention = token.Kind() switch
            {
                SyntaxKind.IdentifierToken => token.ValueText,
                SyntaxKind.UsingKeyword => "Dispose",
                SyntaxKind.BaseKeyword or SyntaxKind.ThisKeyword => null,
                SyntaxKind.OpenBracketToken when token.Parent is BracketedArgumentListSyntax => Body.Indexer,
                _ => null,
            };
            if (mention is null || !body.Mentions.Add(mention))
                continue;
            if (!_mentions.TryGetValue(mention, out var bodies))
                _mentions.Add(mention, bodies = []);
            bodies.Add(body);
        }

        if (body.Mentions.Contains("Dispose") && body.Mentions.Add("DisposeAsync"))
        {
            if (!_mentions.TryGetValue("DisposeAsync", out var disposing))
                _mentions.Add("DisposeAsync", disposing = []);
            disposing.Add(body);
        }
    }

    private void Spread(CancellationToken cancellationToken)
    {
        foreach (var mention in _mentions)
        {
            if (!_declared.IsOfData(mention.Key) && !IsNameOfData(mention.Key))
                continue;
            foreach (var body in mention.Value)
                Take(body);
        }

        foreach (var body in _bodies.Values)
        {
            if (_declared.IsOfDataType(body.Type))
                Take(body);
        }

        while (_pending.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var called = _pending.Dequeue();
            _abstract.Add(called.Name);
            if (!_spread.Add((called.Name, called.Type)))
                continue;
            var related = _declared.Related(called.Type);
            // A handler is called with its message, a base constructor by its type's derived ones.
            foreach (var name in called.IsHandler ? [called.Name, .. called.Mentions.Where(_declared.IsType)] : called.Name == called.Type ? related : [called.Name])
            {
                if (!_mentions.TryGetValue(name, out var callers))
                    continue;
                foreach (var caller in callers)
                {
                    if (!caller.IsCandidate && (called.IsExtension || called.IsHandler || called.Name == called.Type || Touches(caller, related)))
                        Take(caller);
                }
            }
        }
    }

    private void Take(Body body)
    {
        if (body.IsCandidate)
            return;
        body.IsCandidate = true;
        _pending.Enqueue(body);
    }

    private bool Touches(Body body, HashSet<string> types) =>
        types.Contains(body.Type) || _declared.Related(body.Type).Overlaps(types) || (body.Touched ??= _declared.Touched(body.Mentions)).Overlaps(types);

    // What is called on a value whose type no declaration names.
    private static bool IsNameOfData(string name) =>
        name.EndsWith("Connection", StringComparison.Ordinal) || name.EndsWith("Command", StringComparison.Ordinal) || name.EndsWith("DataSource", StringComparison.Ordinal) ||
        name.EndsWith("DbContext", StringComparison.Ordinal) || name is "CommandText" or "CreateCommand" or "Database" ||
        name.StartsWith("SaveChanges", StringComparison.Ordinal) || name.StartsWith("SaveEntities", StringComparison.Ordinal) || name.StartsWith("ExecuteNonQuery", StringComparison.Ordinal) ||
        name.StartsWith("ExecuteSql", StringComparison.Ordinal) || name.StartsWith("ExecuteUpdate", StringComparison.Ordinal) || name.StartsWith("ExecuteDelete", StringComparison.Ordinal) ||
        name.StartsWith("FromSql", StringComparison.Ordinal) || name.StartsWith("SqlQuery", StringComparison.Ordinal) || name.StartsWith("Bulk", StringComparison.Ordinal) ||
        name.StartsWith("WriteCommand", StringComparison.Ordinal);

    /// <summary>A member with the names that it mentions, those of its declaration too.</summary>
    private sealed class Body(string name, string type, bool isExtension)
    {
        public const string Indexer = "this[]";
        public const string Operator = "operator";

        public string Name { get; } = name;

        public string Type { get; } = type;

        public bool IsExtension { get; } = isExtension;

        public bool IsHandler { get; } = MessageHandlers.IsHandling(name);

        public bool IsCandidate { get; set; }

        public HashSet<string> Mentions { get; } = new(StringComparer.Ordinal);

        public HashSet<string>? Touched { get; set; }
    }
}
