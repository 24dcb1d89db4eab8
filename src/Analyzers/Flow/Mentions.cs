using System.Runtime.CompilerServices;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
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

    private static readonly ConditionalWeakTable<SyntaxTree, File> PerTree = new();
    private static readonly ConditionalWeakTable<Compilation, Mentions> PerCompilation = new();

    private static readonly string[] WritingApis =
    [
        "Execute", "ExecuteAsync", "ExecuteScalar", "ExecuteScalarAsync", "ExecuteNonQuery", "ExecuteNonQueryAsync", "ExecuteReader", "ExecuteReaderAsync",
        "ExecuteSql", "ExecuteSqlAsync", "ExecuteSqlRaw", "ExecuteSqlRawAsync", "ExecuteSqlInterpolated", "ExecuteSqlInterpolatedAsync",
        "Query", "QueryAsync", "QuerySingle", "QuerySingleAsync", "QueryFirst", "QueryFirstAsync", "QuerySingleOrDefault", "QuerySingleOrDefaultAsync",
        "QueryFirstOrDefault", "QueryFirstOrDefaultAsync", "NpgsqlCommand", "CreateCommand", "CommandText",
        "SaveChanges", "SaveChangesAsync", "ExecuteUpdate", "ExecuteUpdateAsync", "ExecuteDelete", "ExecuteDeleteAsync",
    ];

    private readonly HashSet<string> _routed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reads = new(StringComparer.Ordinal);
    private readonly HashSet<string> _writes = new(WritingApis, StringComparer.Ordinal);

    private readonly Lazy<HashSet<string>> _commands;
    private readonly Lazy<bool> _isFreshByDefault;

    private Mentions(KnownSymbols known)
    {
        // What the generator writes says nothing more, and is new in each compilation.
        var files = known.Compilation.SyntaxTrees.Where(static t => !t.FilePath.EndsWith(GeneratedMembers.FileSuffix, StringComparison.Ordinal))
            .Select(static t => (Tree: t, PerTree.GetValue(t, static tree => Read(tree)).Members)).ToList();
        var members = files.SelectMany(static f => f.Members).ToList();
        var commands = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            if (member.IsRead)
                _reads.Add(member.Name);
            if (member.IsWrite)
                commands.Add(member.Name);
        }

        AddReferenced(known, commands);
        _writes.UnionWith(commands);
        _routed.UnionWith(_reads);
        _routed.UnionWith(commands);
        _isFreshByDefault = new Lazy<bool>(() => DefaultConsistency.IsFresh(
            files.Where(static f => f.Members.Any(static m => Array.IndexOf(m.Names, DefaultConsistency.Option) >= 0)).Select(static f => f.Tree)));
        var leading = new Lazy<List<Member>>(() => Leading(members, [.. _reads, .. _writes]));
        _commands = new Lazy<HashSet<string>>(() =>
        {
            Close(leading.Value, commands);
            return commands;
        });
        if (_reads.Count == 0)
            return;
        Close(leading.Value, _reads);
        // What a [ReadQuery] does is no write: where it tried to, the server would refuse it.
        Close(leading.Value.FindAll(static m => !m.IsRead), _writes);
    }

    public static Mentions For(KnownSymbols known) => PerCompilation.GetValue(known.Compilation, _ => new Mentions(known));

    /// <summary>Whether an option that the code sets makes the reads fresh that no attribute speaks for.</summary>
    public bool IsFreshByDefault => _isFreshByDefault.Value;

    /// <summary>Whether a method may lead to a <c>[WriteCommand]</c>, by the names in its body.</summary>
    public bool MayCommand(IMethodSymbol method, CancellationToken cancellationToken) => Mention(method, _commands.Value.Contains, cancellationToken);

    public bool ReadAndWrite(SyntaxNode declaration)
    {
        if (_reads.Count == 0)
            return false;
        var (reads, writes) = (false, false);
        foreach (var name in NamesIn(declaration))
        {
            reads = reads || _reads.Contains(name);
            writes = writes || _writes.Contains(name);
            if (reads && writes)
                return true;
        }

        return false;
    }

    public bool ReadOrWrite(IMethodSymbol method)
    {
        var name = NameOf(method);
        return _reads.Contains(name) || _writes.Contains(name);
    }

    /// <summary>Whether a body mentions a routed method by its name.</summary>
    public bool NamesRouted(IMethodSymbol method, CancellationToken cancellationToken) => Mention(method, _routed.Contains, cancellationToken);

    /// <summary>Whether a body mentions one of the methods that redirect by its name.</summary>
    public static bool NamesRedirect(IMethodSymbol method, CancellationToken cancellationToken) => Mention(method, Redirects.MayBe, cancellationToken);

    private static bool Mention(IMethodSymbol method, Func<string, bool> isMeant, CancellationToken cancellationToken)
    {
        foreach (var reference in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
        {
            foreach (var name in NamesIn(reference.GetSyntax(cancellationToken)))
            {
                if (isMeant(name))
                    return true;
            }
        }

        return false;
    }

    private static string NameOf(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.Constructor or MethodKind.StaticConstructor => method.ContainingType.Name,
        MethodKind.ExplicitInterfaceImplementation when method.ExplicitInterfaceImplementations is [var implemented, ..] => implemented.Name,
        _ => method.AssociatedSymbol?.Name ?? method.Name,
    };

    // Most names in a body are of variables and of what libraries have: those lead nowhere.
    private static List<Member> Leading(List<Member> members, HashSet<string> names)
    {
        foreach (var member in members)
            names.Add(member.Name);
        var leading = new List<Member>(members.Count);
        foreach (var member in members)
        {
            var mentioned = Array.FindAll(member.Names, names.Contains);
            if (mentioned.Length > 0)
                leading.Add(member with { Names = mentioned });
        }

        return leading;
    }

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

    private void AddReferenced(KnownSymbols known, HashSet<string> commands)
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
                        commands.Add(method.Name);
                }
            }
        }
    }

    // Those of a method are known from when its file was read.
    private static IEnumerable<string> NamesIn(SyntaxNode declaration) =>
        declaration is BaseMethodDeclarationSyntax && PerTree.TryGetValue(declaration.SyntaxTree, out var file) && file.Names.TryGetValue(declaration.SpanStart, out var known)
            ? known
            : Names(declaration);

    private static File Read(SyntaxTree tree)
    {
        var members = new List<Member>();
        var ofMethods = new Dictionary<int, string[]>();
        var root = tree.GetRoot();
        foreach (var node in root.DescendantNodes(static n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
        {
            switch (node)
            {
                case MethodDeclarationSyntax method:
                    string[] names = ofMethods[method.SpanStart] = [.. Names(method)];
                    members.Add(new Member(method.Identifier.ValueText, names, Has(method, "ReadQuery"), Has(method, "WriteCommand")));
                    foreach (var alias in Aliases(method))
                        members.Add(new Member(alias, names, false, false));
                    break;
                case ConstructorDeclarationSyntax constructor:
                    members.Add(new Member(constructor.Identifier.ValueText, ofMethods[constructor.SpanStart] = [.. Names(constructor)], false, false));
                    break;
                case PropertyDeclarationSyntax property:
                    members.Add(new Member(property.Identifier.ValueText, [.. Names(property)], false, false));
                    break;
                case GlobalStatementSyntax statement:
                    members.Add(new Member(TopLevel, [.. Names(statement)], false, false));
                    break;
            }
        }

        return new File(members.ToArray(), ofMethods);
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
        var isRedirect = false;
        foreach (var node in declaration.DescendantNodes())
        {
            // Not global::.
            if (node is SimpleNameSyntax { Identifier: var name } && name.IsKind(SyntaxKind.IdentifierToken) && names.Add(name.ValueText))
                isRedirect |= Redirects.MayBe(name.ValueText);
        }

        if (isRedirect)
            AddActions(declaration, names);
        return names;
    }

    // RedirectToAction("Details") mentions Details; with a route's name or a page anything may be meant, and a body tells.
    private static void AddActions(SyntaxNode declaration, HashSet<string> names)
    {
        names.Add("OnGet");
        names.Add("OnGetAsync");
        foreach (var name in names.ToArray())
            names.Add(name + "Async");
        foreach (var token in declaration.DescendantTokens())
        {
            if (!token.IsKind(SyntaxKind.StringLiteralToken))
                continue;
            names.Add(token.ValueText);
            names.Add(token.ValueText + "Async");
            names.Add("OnGet" + token.ValueText);
            names.Add("OnGet" + token.ValueText + "Async");
        }
    }

    // What leads to it without its name: that of the action and its route, and the message that it handles.
    private static IEnumerable<string> Aliases(MethodDeclarationSyntax method)
    {
        if (MessageHandlers.IsHandling(method.Identifier.ValueText) && method.ParameterList.Parameters is [{ Type: IdentifierNameSyntax message }, ..])
            yield return message.Identifier.ValueText;
        foreach (var attribute in method.AttributeLists.SelectMany(static l => l.Attributes))
        {
            foreach (var argument in attribute.ArgumentList?.Arguments ?? default)
            {
                if (argument is { Expression: LiteralExpressionSyntax { Token.Value: string alias } } && (argument.NameEquals?.Name.Identifier.ValueText == "Name" || attribute.Name.ToString().EndsWith("ActionName", StringComparison.Ordinal)))
                    yield return alias;
            }
        }
    }

    /// <param name="Members">The members of a file.</param>
    /// <param name="Names">What the methods of it mention, by where they begin.</param>
    private sealed record File(Member[] Members, Dictionary<int, string[]> Names);

    private readonly record struct Member(string Name, string[] Names, bool IsRead, bool IsWrite);
}
