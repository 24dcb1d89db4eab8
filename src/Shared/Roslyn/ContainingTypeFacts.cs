using System.Collections.Concurrent;
using System.Text;
using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn;

/// <summary>What is the same for all routed methods of a type, learned once per compilation.</summary>
internal sealed class ContainingTypeFacts
{
    private readonly INamedTypeSymbol _type;
    private readonly KnownSymbols _known;
    private ContainingType? _model;
    private readonly ConcurrentDictionary<ITypeSymbol, SourceChoice> _staticFactories = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ITypeSymbol, SourceChoice> _anyFactories = new(SymbolEqualityComparer.Default);
    private SourceChoice? _staticSource;
    private SourceChoice? _anySource;

    public ContainingTypeFacts(INamedTypeSymbol type, KnownSymbols known)
    {
        _type = type;
        _known = known;
        Unsupported = WhyUnsupported(type);
        HasError = !HasNames(type);
    }

    /// <summary>Why no shim can be added to the type; null where one can.</summary>
    public string? Unsupported { get; }

    /// <summary>Whether it, or what it stands in, has no name yet: the compiler has said so.</summary>
    public bool HasError { get; }

    /// <summary>How the type is opened again.</summary>
    public ContainingType Model => _model ??= ReadModel(_type);

    /// <summary>The data source that a shim of the type opens its connections from, or the factory that it has its contexts from.</summary>
    /// <param name="staticOnly">Whether the shim is static, so that no instance member is at hand.</param>
    /// <param name="context">The context class that the core takes; null where it takes a connection.</param>
    public SourceChoice Source(bool staticOnly, ITypeSymbol? context = null)
    {
        if (context is not null)
        {
            var factories = staticOnly ? _staticFactories : _anyFactories;
            return factories.TryGetValue(context, out var known) ? known : factories.GetOrAdd(context, SourceFinder.Find(_type, context, staticOnly, _known));
        }

        return staticOnly
            ? _staticSource ??= SourceFinder.Find(_type, null, staticOnly: true, _known)
            : _anySource ??= SourceFinder.Find(_type, null, staticOnly: false, _known);
    }

    /// <summary>The context class of the one factory of the type, where it has no data source; null otherwise.</summary>
    /// <param name="staticOnly">Whether the shim is static.</param>
    public ITypeSymbol? OnlyContext(bool staticOnly) =>
        _known.DbContext is { } any && Source(staticOnly).Candidates.Count == 0 && Source(staticOnly, any).Type is { } factory ? _known.ContextOf(factory) : null;

    private static string? WhyUnsupported(INamedTypeSymbol type)
    {
        if (type.Name.Length == 0)
            return "it stands in an extension block; make it a method of the class";
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
            return $"'{type.Name}' is neither a class nor a struct; mark a method of one";
        if (type.IsRefLikeType)
            return $"'{type.Name}' is a ref struct; move the method to a class";
        for (var t = type; t is not null; t = t.ContainingType)
        {
            if (t.IsFileLocal)
                return $"'{t.Name}' is local to its file, and the shim is generated into another one; remove 'file'";
            if (AllowsRefStruct(t))
                return $"'{t.Name}' has a type parameter that allows a ref struct; remove 'allows ref struct'";
        }

        return null;
    }

    private static bool HasNames(INamedTypeSymbol type)
    {
        for (ISymbol symbol = type; symbol is not INamespaceSymbol { IsGlobalNamespace: true }; symbol = symbol.ContainingSymbol)
        {
            if (!SyntaxFacts.IsValidIdentifier(symbol.Name))
                return false;
        }

        return true;
    }

    private static bool AllowsRefStruct(INamedTypeSymbol type)
    {
        if (type.Arity == 0)
            return false;
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is TypeDeclarationSyntax declaration && TypeParameterLists.AllowRefStruct(declaration.ConstraintClauses))
                return true;
        }

        return false;
    }

    private static ContainingType ReadModel(INamedTypeSymbol type)
    {
        var levels = new List<TypeLevel>();
        var metadataName = new StringBuilder();
        var displayName = new StringBuilder();
        for (var t = type; t is not null; t = t.ContainingType)
        {
            levels.Insert(0, new TypeLevel(Keyword(t), Identifiers.Escape(t.Name), TypeParameterLists.Render(t.TypeParameters)));
            metadataName.Insert(0, "." + t.MetadataName.Replace('`', '_'));
            displayName.Insert(0, "." + t.Name);
        }

        var escaped = "";
        for (var ns = type.ContainingNamespace; ns is { IsGlobalNamespace: false }; ns = ns.ContainingNamespace)
        {
            escaped = escaped.Length == 0 ? Identifiers.Escape(ns.Name) : Identifiers.Escape(ns.Name) + "." + escaped;
            metadataName.Insert(0, "." + ns.Name);
            displayName.Insert(0, "." + ns.Name);
        }

        return new ContainingType(escaped, levels, metadataName.ToString(1, metadataName.Length - 1), displayName.ToString(1, displayName.Length - 1), MemberPrefix(type));
    }

    private static string Keyword(INamedTypeSymbol type) => type switch
    {
        { IsRecord: true, TypeKind: TypeKind.Struct } => "record struct",
        { IsRecord: true } => "record",
        { TypeKind: TypeKind.Struct } => "struct",
        { TypeKind: TypeKind.Interface } => "interface",
        _ => "class",
    };

    private static string MemberPrefix(INamedTypeSymbol type)
    {
        var prefix = "__ctr_";
        while (type.MemberNames.Any(name => name.StartsWith(prefix, StringComparison.Ordinal)))
            prefix += "_";
        return prefix;
    }
}
