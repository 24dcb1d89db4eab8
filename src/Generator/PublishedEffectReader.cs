using CompileTimeRouting.Generator.Emission;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using CompileTimeRouting.Roslyn.DataAccess.Tables;
using CompileTimeRouting.Roslyn.Statements;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Generator;

/// <summary>
/// Finds what a compilation's methods write that other assemblies can call, and that no attribute of theirs says; and all
/// routed methods, with their tables.
/// </summary>
internal sealed class PublishedEffectReader
{
    private readonly KnownSymbols _known;
    private readonly WriteCandidates? _candidates;
    private readonly EffectFinder _finder;
    private readonly bool _hasFriends;
    private readonly CancellationToken _cancellationToken;
    private readonly SortedDictionary<string, string> _found = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TableAccess> _tables = new(StringComparer.Ordinal);
    private readonly List<PublishedRoute> _routes = [];

    /// <param name="known">The symbols of the compilation.</param>
    /// <param name="candidates">The methods that may write; null where no other assembly calls any.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    private PublishedEffectReader(KnownSymbols known, WriteCandidates? candidates, CancellationToken cancellationToken)
    {
        _known = known;
        _candidates = candidates;
        _finder = new EffectFinder(known, catalog: null);
        _hasFriends = known.Compilation.Assembly.GetAttributes().Any(static a => a.AttributeClass?.Name == "InternalsVisibleToAttribute");
        _cancellationToken = cancellationToken;
    }

    /// <returns>One file, or none where there is nothing to say.</returns>
    public static IEnumerable<PublishedFile> Read(Compilation compilation, CancellationToken cancellationToken)
    {
        if (KnownSymbols.For(compilation) is not { } known || compilation.GetTypeByMetadataName(PublishedEffects.Attribute) is null)
            return [];

        // Nothing references an application.
        var isReferenced = compilation.Options.OutputKind == OutputKind.DynamicallyLinkedLibrary;
        var reader = new PublishedEffectReader(known, isReferenced ? WriteCandidates.Of(compilation, cancellationToken) : null, cancellationToken);
        reader.Add(compilation.Assembly.GlobalNamespace, isReferenced);
        return reader._found.Count + reader._tables.Count + reader._routes.Count == 0 ? [] : [new PublishedFile(
            reader._found.Select(static f => new PublishedEffect(f.Key, f.Value)).ToArray(),
            reader._tables.Select(static t => new PublishedTables(t.Key, SqlTables.Render(t.Value.Reads), SqlTables.Render(t.Value.Writes))).ToArray(),
            reader._routes.OrderBy(static r => r.Name, StringComparer.Ordinal).ToArray())];
    }

    private void Add(INamespaceOrTypeSymbol container, bool isVisible)
    {
        foreach (var member in container.GetMembers())
        {
            _cancellationToken.ThrowIfCancellationRequested();
            switch (member)
            {
                case INamespaceSymbol space:
                    Add(space, isVisible);
                    break;
                case INamedTypeSymbol type:
                    Add(type, isVisible && IsVisible(type));
                    break;
                case IMethodSymbol method:
                    if (RoutingAttributes.MayHave(method))
                        AddRouted(method, isVisible && IsVisible(method));
                    if (isVisible && IsVisible(method) && MayBeCalled(method))
                        Add(method);
                    break;
            }
        }
    }

    private void Add(IMethodSymbol method)
    {
        if (!method.IsAbstract && !SourceModel.HasBody(method, _cancellationToken))
            return;
        // Most methods of most projects have nothing to do with a database: their bodies needn't be bound.
        if (_candidates!.Has(method, _cancellationToken) && Try(() => _finder.Write(method, _cancellationToken)) is { } write && method.GetDocumentationCommentId() is { } id)
            _found[id] = write;
    }

    private void AddRouted(IMethodSymbol method, bool isVisible)
    {
        var (read, write) = RoutingAttributes.Find(method, _known);
        if (method.PartialDefinitionPart is not null || (read ?? write) is not { } attribute)
            return;
        var tables = Try(() => _finder.RoutedTables(method, _cancellationToken)) ?? TableAccess.None;

        // Those of SQL in the attribute whoever asks reads there.
        if (isVisible && !tables.IsNone && AttributeSql.Value(attribute) is null && method.GetDocumentationCommentId() is { } id)
            _tables[id] = tables;
        if (Try(() => RoutedMethodReader.Read(method, _known, _cancellationToken).Model is { } signature ? StatementReader.Complete(signature) : null) is { RefusedBy: null } model)
        {
            var isClean = !model.Route.Transaction && model.Statement is { Body.LeavesSessionClean: true };
            _routes.Add(new PublishedRoute(RouteEmitter.Name(model), model.Route, model.Retries, isClean, SqlTables.Render(tables.Reads), SqlTables.Render(tables.Writes)));
        }
    }

    // Without the generator nothing compiles: what goes wrong in one method costs no more than that method's entry.
    private static T? Try<T>(Func<T?> find)
        where T : class
    {
        try
        {
            return find();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return null;
        }
    }

    // What a routed method does its attribute says.
    private bool MayBeCalled(IMethodSymbol method) =>
        method.MethodKind is MethodKind.Ordinary or MethodKind.Constructor or MethodKind.PropertyGet or MethodKind.PropertySet &&
        RoutingAttributes.Find(method, _known) is (null, null);

    private bool IsVisible(ISymbol symbol) => symbol.DeclaredAccessibility switch
    {
        Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal => true,
        Accessibility.Internal or Accessibility.ProtectedAndInternal => _hasFriends,
        _ => false,
    };
}
