using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Roslyn;

/// <summary>What signatures need to know of a type, learned once per compilation.</summary>
internal sealed class TypeFacts
{
    private static readonly SymbolDisplayFormat QualifiedFormat =
        SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private readonly ITypeSymbol _type;
    private readonly KnownSymbols _known;
    private string? _name;
    private List<string>? _experimentalIds;
    private string? _whyEscapes;
    private RowShape? _row;
    private bool? _isNativeEnum;
    private bool? _isOneShot;

    public TypeFacts(ITypeSymbol type, KnownSymbols known)
    {
        _type = type;
        _known = known;
        Add(type);
    }

    /// <summary>The type as source text, fully qualified, with nullable annotations.</summary>
    public string Name => _name ??= _type.ToDisplayString(QualifiedFormat);

    /// <summary>Whether it can't be bound: the compiler has said so.</summary>
    public bool HasError { get; private set; }

    /// <summary>Whether it is, or holds, a pointer.</summary>
    public bool HasPointer { get; private set; }

    /// <summary>Whether a reference type in it was written with annotations disabled.</summary>
    public bool HasOblivious { get; private set; }

    /// <summary>Whether a reference type in it carries an annotation.</summary>
    public bool HasAnnotation { get; private set; }

    /// <summary>The diagnostics of the experimental types in it.</summary>
    public IReadOnlyList<string> ExperimentalIds => _experimentalIds ?? (IReadOnlyList<string>)[];

    /// <summary>Why a result of this type would outlive its connection; null where it doesn't.</summary>
    public string? WhyEscapes
    {
        get
        {
            var why = _whyEscapes ??= ResultEscape.Why(_type, _known) ?? "";
            return why.Length == 0 ? null : why;
        }
    }

    /// <summary>Whether it is an enum that, or a member of which, has Npgsql's <c>[PgName]</c>.</summary>
    public bool IsNativeEnum => _isNativeEnum ??= _type.TypeKind == TypeKind.Enum && (HasPgName(_type) || _type.GetMembers().Any(HasPgName));

    /// <summary>Whether a value of it can be read or written to once only, so that a call with it can't be repeated.</summary>
    public bool IsOneShot => _isOneShot ??= OneShotTypes.Contain(_type);

    /// <summary>What a row becomes that is read as this type.</summary>
    public RowShape Row => _row ??= RowReader.Read(_type, _known);

    /// <summary>The diagnostics that the use of an experimental type or member causes.</summary>
    public static IReadOnlyList<string> ExperimentalIdsOf(ISymbol symbol, KnownSymbols known)
    {
        if (known.Experimental is not null)
        {
            foreach (var attribute in symbol.GetAttributes())
            {
                if (KnownSymbols.Is(attribute.AttributeClass, known.Experimental) &&
                    attribute.ConstructorArguments.FirstOrDefault().Value is string id && SyntaxFacts.IsValidIdentifier(id))
                {
                    return [id];
                }
            }
        }

        return [];
    }

    private static bool HasPgName(ISymbol symbol) =>
        symbol.GetAttributes().Any(static a => a.AttributeClass is { Name: "PgNameAttribute", ContainingNamespace.Name: "NpgsqlTypes" });

    private void Add(ITypeSymbol type)
    {
        HasError |= type.TypeKind == TypeKind.Error;
        HasPointer |= type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer;
        if (type.IsReferenceType)
        {
            HasOblivious |= type.NullableAnnotation == NullableAnnotation.None;
            HasAnnotation |= type.NullableAnnotation == NullableAnnotation.Annotated;
        }

        switch (type)
        {
            case IArrayTypeSymbol array:
                Add(array.ElementType);
                break;
            case IPointerTypeSymbol pointer:
                Add(pointer.PointedAtType);
                break;
            case IFunctionPointerTypeSymbol function:
                Add(function.Signature.ReturnType);
                foreach (var parameter in function.Signature.Parameters)
                    Add(parameter.Type);
                break;
            case INamedTypeSymbol named:
                AddExperimental(named);
                for (var t = named; t is not null; t = t.ContainingType)
                {
                    // In a signature that can be seen from another file it is an error, and its name is none there.
                    HasError |= t.IsFileLocal;
                    foreach (var argument in t.TypeArguments)
                        Add(argument);
                }

                break;
        }
    }

    private void AddExperimental(INamedTypeSymbol type)
    {
        if (type.SpecialType == SpecialType.None && ExperimentalIdsOf(type.OriginalDefinition, _known) is { Count: > 0 } ids)
            (_experimentalIds ??= []).AddRange(ids);
    }
}
