using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// The bodies of the methods of a compilation, and of those it references as source, as an IDE does. A build references
/// other projects as metadata, which has no bodies.
/// </summary>
internal sealed class SourceModel
{
    /// <summary>How many assignments to members of one name are looked at.</summary>
    public const int MostAssignments = 64;

    private readonly Compilation _compilation;
    private readonly Lazy<ImmutableArray<Compilation>> _referenced;
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel?> _models = new();
    private readonly ConcurrentDictionary<IOperation, BodyIndex> _indexes = new();
    private readonly ConcurrentDictionary<(INamedTypeSymbol Type, bool IsStatic), IReadOnlyList<SyntaxNode>> _initializers = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<ExpressionSyntax>> _places = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<INamedTypeSymbol, IReadOnlyList<(string Name, IMethodSymbol Method)>> _disposals = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, IReadOnlyList<OutsideAssignment>?> _assignedOutside = new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<ISymbol, IObjectCreationOperation?> _created = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, FixedMember> _fixed = new(SymbolEqualityComparer.Default);

    public SourceModel(Compilation compilation)
    {
        _compilation = compilation;
        _referenced = new Lazy<ImmutableArray<Compilation>>(() => Referenced(compilation));
    }

    /// <summary>The assemblies whose source is at hand, the compilation's own first.</summary>
    public IEnumerable<IAssemblySymbol> Assemblies => _referenced.Value.Select(static c => c.Assembly).Prepend(_compilation.Assembly);

    /// <summary>The files whose source is at hand.</summary>
    public IEnumerable<SyntaxTree> Trees => _referenced.Value.Prepend(_compilation).SelectMany(static c => c.SyntaxTrees);

    /// <summary>What a method, accessor, constructor or local function runs; null without a body in source.</summary>
    public IOperation? Body(IMethodSymbol method, CancellationToken cancellationToken)
    {
        var part = method.PartialImplementationPart ?? method;
        foreach (var reference in part.DeclaringSyntaxReferences)
        {
            var syntax = reference.GetSyntax(cancellationToken);
            if (HasBody(syntax) && Operation(syntax, cancellationToken) is { } operation)
                return operation;
        }

        return null;
    }

    /// <summary>Whether there is anything to read, told from the syntax alone.</summary>
    public static bool HasBody(IMethodSymbol method, CancellationToken cancellationToken)
    {
        foreach (var reference in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
        {
            if (HasBody(reference.GetSyntax(cancellationToken)))
                return true;
        }

        return false;
    }

    public IOperation? Operation(SyntaxNode syntax, CancellationToken cancellationToken) =>
        Model(syntax.SyntaxTree)?.GetOperation(syntax, cancellationToken);

    /// <summary>Where objects may be created of a type of that name.</summary>
    public IEnumerable<SyntaxNode> Creations(string type, CancellationToken cancellationToken) => Trees.SelectMany(tree => SourceCreations.Of(type, tree, cancellationToken));

    /// <summary>Where a member of that name may be given a value.</summary>
    public IEnumerable<AssignmentExpressionSyntax> Assignments(string member, CancellationToken cancellationToken) => GivingPlaces(member, cancellationToken).OfType<AssignmentExpressionSyntax>();

    /// <summary>All places that may give a member of that name a value, or its collection an element.</summary>
    public IReadOnlyList<ExpressionSyntax> GivingPlaces(string member, CancellationToken cancellationToken) => _places.TryGetValue(member, out var known)
        ? known
        : _places.GetOrAdd(member, [.. Trees.SelectMany(tree => SourceAssignments.Of(member, tree, cancellationToken))]);

    /// <summary>The values that code outside of its type gives a member; null where they are too many.</summary>
    public IReadOnlyList<OutsideAssignment>? AssignedOutside(ISymbol member, CancellationToken cancellationToken) => _assignedOutside.TryGetValue(member, out var known)
        ? known
        : _assignedOutside.GetOrAdd(member, OutsideAssignment.Of(member, this, cancellationToken));

    /// <summary>What a member holds that nothing changes once its object is made.</summary>
    public FixedMember Fixed(ISymbol member, CancellationToken cancellationToken) => _fixed.TryGetValue(member, out var known)
        ? known
        : _fixed.GetOrAdd(member, FixedMember.Of(member, this, cancellationToken));

    /// <summary>Whether code under a condition runs for no object, because the member that it asks for is the same in all.</summary>
    public bool NeverHolds(ValueGuard guard, CancellationToken cancellationToken) =>
        guard is { Member: { } member, Value: not null } && Fixed(member, cancellationToken).Constant is { HasValue: true, Value: var constant } && guard.Excludes(constant);

    /// <summary>The creation of the object that an expression gives, where that is always the same one: written there, or held by a variable or member that is given nothing else.</summary>
    public IObjectCreationOperation? Created(IOperation? value, CancellationToken cancellationToken)
    {
        value = BodyReader.UnwrapPlain(value);
        switch (value)
        {
            case IObjectCreationOperation creation:
                return creation;
            case ILocalReferenceOperation { Local: var local } when local.DeclaringSyntaxReferences is [var declaration] && declaration.GetSyntax(cancellationToken) is VariableDeclaratorSyntax:
                var index = Index(value);
                return index.Assignments(local) is [{ Element: null, IsAppended: false, Value: IObjectCreationOperation or IConversionOperation, Value: var given }] &&
                    !index.IsReferred(local) && index.HandedOn(local).All(IsKept)
                    ? Created(given, cancellationToken)
                    : null;
            case IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol, Member.OriginalDefinition: var member }:
                return _created.TryGetValue(member, out var known) ? known : _created.GetOrAdd(member, CreatedFor(member, cancellationToken));
            default:
                return null;
        }
    }

    // What has no body here may set any member: a binder, a serializer.
    private static bool IsKept(IArgumentOperation argument) => argument.Parameter is { RefKind: not RefKind.Ref } parameter && !parameter.ContainingSymbol.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty;

    private IObjectCreationOperation? CreatedFor(ISymbol member, CancellationToken cancellationToken) =>
        FixedMember.MayBeCreated(member, cancellationToken) && Fixed(member, cancellationToken).Values is [IObjectCreationOperation or IConversionOperation] values
            ? Created(values[0], cancellationToken)
            : null;

    /// <summary>Whether the source has a method, be it only implied as the constructor of a class without one is.</summary>
    public static bool IsInSource(IMethodSymbol method) => !method.DeclaringSyntaxReferences.IsEmpty ||
        (method is { IsImplicitlyDeclared: true, MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } && !method.ContainingType.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty);

    /// <summary>The initializers of a type's fields and properties that run something, in the order of the source.</summary>
    public IReadOnlyList<SyntaxNode> Initializers(INamedTypeSymbol type, bool isStatic, CancellationToken cancellationToken)
    {
        var key = (type.OriginalDefinition, isStatic);
        return _initializers.TryGetValue(key, out var found)
            ? found
            : _initializers.GetOrAdd(key, [.. SourceInitializers.Of(type.OriginalDefinition, isStatic, cancellationToken)]);
    }

    /// <summary>Whether a constructor runs anything: a body, initializers, or a base class's.</summary>
    public bool HasConstruction(IMethodSymbol constructor, CancellationToken cancellationToken)
    {
        var at = constructor.OriginalDefinition;
        if (at.ContainingType.DeclaringSyntaxReferences.IsEmpty)
            return false;
        if (HasBody(at, cancellationToken) || Initializers(at.ContainingType, at.IsStatic, cancellationToken).Count > 0)
            return true;
        if (at.IsStatic)
            return false;
        for (var level = at.ContainingType.BaseType; level is { SpecialType: SpecialType.None, DeclaringSyntaxReferences.IsEmpty: false }; level = level.BaseType)
        {
            if (level.InstanceConstructors.Any(c => HasBody(c.OriginalDefinition, cancellationToken)) || Initializers(level, false, cancellationToken).Count > 0)
                return true;
        }

        return false;
    }

    /// <summary>The methods of a type and its bases that are named for disposal, with the name that an interface gives them: the type's own first.</summary>
    public IReadOnlyList<(string Name, IMethodSymbol Method)> Disposals(INamedTypeSymbol type) => _disposals.GetOrAdd(type, static t => [.. FindDisposals(t)]);

    public SemanticModel? Model(SyntaxTree tree) => _models.GetOrAdd(tree, Find);

    /// <summary>What the body that an operation stands in assigns to its variables.</summary>
    public BodyIndex Index(IOperation operation)
    {
        var root = operation;
        while (root.Parent is { } parent)
            root = parent;
        return _indexes.GetOrAdd(root, static r => new BodyIndex(r));
    }

    private static IEnumerable<(string Name, IMethodSymbol Method)> FindDisposals(INamedTypeSymbol type)
    {
        foreach (var level in BaseTypes.AndSelf(type))
        {
            foreach (var member in level.GetMembers())
            {
                if (member is IMethodSymbol method && method.Name.Substring(method.Name.LastIndexOf('.') + 1) is ("Dispose" or "DisposeAsync" or "DisposeAsyncCore") and var name)
                    yield return (name, method);
            }
        }
    }

    private static bool HasBody(SyntaxNode syntax) => syntax switch
    {
        BaseMethodDeclarationSyntax method => method.Body is not null || method.ExpressionBody is not null,
        AccessorDeclarationSyntax accessor => accessor.Body is not null || accessor.ExpressionBody is not null,
        AnonymousFunctionExpressionSyntax => true,
        LocalFunctionStatementSyntax local => local.Body is not null || local.ExpressionBody is not null,
        // The getter of an expression-bodied property.
        ArrowExpressionClauseSyntax => true,
        _ => false,
    };

    // The other methods of a call chain stand in other files, of which no action hands out a model.
#pragma warning disable RS1030
    private SemanticModel? Find(SyntaxTree tree)
    {
        if (_compilation.ContainsSyntaxTree(tree))
            return _compilation.GetSemanticModel(tree);
        foreach (var compilation in _referenced.Value)
        {
            if (compilation.ContainsSyntaxTree(tree))
                return compilation.GetSemanticModel(tree);
        }

        return null;
    }
#pragma warning restore RS1030

    private static ImmutableArray<Compilation> Referenced(Compilation compilation)
    {
        var found = new List<Compilation>();
        Add(compilation);
        return found.ToImmutableArray();

        void Add(Compilation from)
        {
            foreach (var reference in from.References)
            {
                if (reference is CompilationReference { Compilation: CSharpCompilation referenced } && !found.Contains(referenced))
                {
                    found.Add(referenced);
                    Add(referenced);
                }
            }
        }
    }
}
