using System.Runtime.CompilerServices;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Which members can read by a route, and which can write, told from the names in them alone: so that no body is bound that
/// does nothing of it. Each file is read once, however often the compilation changes.
/// </summary>
internal sealed class Mentions
{
    /// <summary>The name of the body of top-level statements.</summary>
    private const string TopLevel = "<Main>$";

    private static readonly ConditionalWeakTable<SyntaxTree, Member[]> PerTree = new();

    private static readonly string[] WritingApis =
    [
        "Execute", "ExecuteAsync", "ExecuteScalar", "ExecuteScalarAsync", "ExecuteNonQuery", "ExecuteNonQueryAsync", "ExecuteReader", "ExecuteReaderAsync",
        "ExecuteSql", "ExecuteSqlAsync", "ExecuteSqlRaw", "ExecuteSqlRawAsync", "ExecuteSqlInterpolated", "ExecuteSqlInterpolatedAsync",
        "Query", "QueryAsync", "QuerySingle", "QuerySingleAsync", "QueryFirst", "QueryFirstAsync", "QuerySingleOrDefault", "QuerySingleOrDefaultAsync",
        "QueryFirstOrDefault", "QueryFirstOrDefaultAsync", "NpgsqlCommand", "CreateCommand", "CommandText",
        "SaveChanges", "SaveChangesAsync", "ExecuteUpdate", "ExecuteUpdateAsync", "ExecuteDelete", "ExecuteDeleteAsync",
    ];

    private readonly HashSet<string> _reads = new(StringComparer.Ordinal);
    private readonly HashSet<string> _writes = new(WritingApis, StringComparer.Ordinal);

    public Mentions(KnownSymbols known)
    {
        var members = known.Compilation.SyntaxTrees.Where(static t => !t.FilePath.EndsWith(GeneratedMembers.FileSuffix, StringComparison.Ordinal))
            .SelectMany(static t => PerTree.GetValue(t, static tree => Read(tree))).ToList();
        foreach (var member in members)
        {
            if (member.IsRead)
                _reads.Add(member.Name);
            if (member.IsWrite)
                _writes.Add(member.Name);
        }

        AddReferenced(known);
        if (_reads.Count == 0)
            return;
        Close(members, _reads);
        Close(members, _writes);
    }

    public bool ReadAndWrite(SyntaxNode declaration)
    {
        if (_reads.Count == 0)
            return false;
        var (reads, writes) = (false, false);
        foreach (var name in Names(declaration))
        {
            reads = reads || _reads.Contains(name);
            writes = writes || _writes.Contains(name);
        }

        return reads && writes;
    }

    public bool ReadOrWrite(IMethodSymbol method)
    {
        var name = NameOf(method);
        return _reads.Contains(name) || _writes.Contains(name);
    }

    private static string NameOf(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.Constructor or MethodKind.StaticConstructor => method.ContainingType.Name,
        MethodKind.ExplicitInterfaceImplementation when method.ExplicitInterfaceImplementations is [var implemented, ..] => implemented.Name,
        _ => method.AssociatedSymbol?.Name ?? method.Name,
    };

    // Whatever mentions one of the names is one of them, too.
    private static void Close(List<Member> members, HashSet<string> names)
    {
        var open = members;
        while (true)
        {
            var rest = new List<Member>(open.Count);
            var isChanged = false;
            foreach (var member in open)
            {
                if (Array.Exists(member.Names, names.Contains))
                    isChanged |= names.Add(member.Name);
                else
                    rest.Add(member);
            }

            if (!isChanged)
                return;
            open = rest;
        }
    }

    private void AddReferenced(KnownSymbols known)
    {
        foreach (var assembly in known.Compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (assembly.Modules.Any(static m => m.ReferencedAssemblies.Any(static r => r.Name == "CompileTimeRouting")))
                Add(assembly.GlobalNamespace);
        }

        void Add(INamespaceOrTypeSymbol container)
        {
            foreach (var member in container.GetMembers())
            {
                if (member is INamespaceOrTypeSymbol inner)
                {
                    Add(inner);
                }
                else if (member is IMethodSymbol method && RoutingAttributes.MayHave(method))
                {
                    var (read, write) = RoutingAttributes.Find(method, known);
                    if (read is not null)
                        _reads.Add(method.Name);
                    if (write is not null)
                        _writes.Add(method.Name);
                }
            }
        }
    }

    private static Member[] Read(SyntaxTree tree)
    {
        var members = new List<Member>();
        var root = tree.GetRoot();
        foreach (var node in root.DescendantNodes(static n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
        {
            switch (node)
            {
                case MethodDeclarationSyntax method:
                    members.Add(new Member(method.Identifier.ValueText, [.. Names(method)], Has(method, "ReadQuery"), Has(method, "WriteCommand")));
                    break;
                case ConstructorDeclarationSyntax constructor:
                    members.Add(new Member(constructor.Identifier.ValueText, [.. Names(constructor)], false, false));
                    break;
                case PropertyDeclarationSyntax property:
                    members.Add(new Member(property.Identifier.ValueText, [.. Names(property)], false, false));
                    break;
                case GlobalStatementSyntax statement:
                    members.Add(new Member(TopLevel, [.. Names(statement)], false, false));
                    break;
            }
        }

        return members.ToArray();
    }

    private static bool Has(MethodDeclarationSyntax method, string attribute)
    {
        foreach (var list in method.AttributeLists)
        {
            foreach (var one in list.Attributes)
            {
                var name = one.Name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.ValueText : (one.Name as SimpleNameSyntax)?.Identifier.ValueText;
                if (name == attribute || name == attribute + "Attribute")
                    return true;
            }
        }

        return false;
    }

    private static HashSet<string> Names(SyntaxNode declaration)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var own = (declaration as MethodDeclarationSyntax)?.Identifier.SpanStart ?? -1;
        foreach (var token in declaration.DescendantTokens())
        {
            if (token.IsKind(SyntaxKind.IdentifierToken) && token.SpanStart != own && token.Parent is SimpleNameSyntax)
                names.Add(token.ValueText);
        }

        return names;
    }

    private readonly record struct Member(string Name, string[] Names, bool IsRead, bool IsWrite);
}
