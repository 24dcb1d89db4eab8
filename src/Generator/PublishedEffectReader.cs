using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using CompileTimeRouting.Roslyn.DataAccess.Tables;
using CompileTimeRouting.Roslyn.Statements;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Generator;

/// <summary>
/// Finds what a compilation's methods write that other assemblies can call, and that no attribute of theirs says; of routed
/// methods, whose attribute says the rest, the tables.
/// </summary>
internal sealed class PublishedEffectReader
{
    private readonly KnownSymbols _known;
    private readonly WriteCandidates _candidates;
    private readonly EffectFinder _finder;
    private readonly bool _hasFriends;
    private readonly CancellationToken _cancellationToken;
    private readonly SortedDictionary<string, string> _found = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TableAccess> _tables = new(StringComparer.Ordinal);

    private PublishedEffectReader(KnownSymbols known, WriteCandidates candidates, CancellationToken cancellationToken)
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
        // Nothing references an application.
        if (compilation.Options.OutputKind != OutputKind.DynamicallyLinkedLibrary || KnownSymbols.For(compilation) is not { } known ||
            compilation.GetTypeByMetadataName(PublishedEffects.Attribute) is null)
        {
            return [];
        }

        var reader = new PublishedEffectReader(known, WriteCandidates.Of(compilation, cancellationToken), cancellationToken);
        reader.Add(compilation.Assembly.GlobalNamespace);
        return reader._found.Count + reader._tables.Count == 0 ? [] : [new PublishedFile(
            reader._found.Select(static f => new PublishedEffect(f.Key, f.Value)).ToArray(),
            reader._tables.Select(static t => new PublishedTables(t.Key, SqlTables.Render(t.Value.Reads), SqlTables.Render(t.Value.Writes))).ToArray())];
    }

    private void Add(INamespaceOrTypeSymbol container)
    {
        foreach (var member in container.GetMembers())
        {
            _cancellationToken.ThrowIfCancellationRequested();
            switch (member)
            {
                case INamespaceSymbol space:
                    Add(space);
                    break;
                case INamedTypeSymbol type when IsVisible(type):
                    Add(type);
                    break;
                case IMethodSymbol method when IsVisible(method):
                    if (RoutingAttributes.MayHave(method))
                        AddTables(method);
                    if (MayBeCalled(method))
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
        if (_candidates.Has(method, _cancellationToken) && Try(() => _finder.Write(method, _cancellationToken)) is { } write && method.GetDocumentationCommentId() is { } id)
            _found[id] = write;
    }

    // Those of SQL in the attribute whoever asks reads there.
    private void AddTables(IMethodSymbol method)
    {
        var (read, write) = RoutingAttributes.Find(method, _known);
        if (method.PartialDefinitionPart is not null || (read ?? write) is not { } attribute || AttributeSql.Value(attribute) is not null)
            return;
        if (Try(() => _finder.RoutedTables(method, _cancellationToken)) is { IsNone: false } tables && method.GetDocumentationCommentId() is { } id)
            _tables[id] = tables;
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
