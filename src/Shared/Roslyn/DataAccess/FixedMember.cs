using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>Members that keep what they are given while their object is made: <c>readonly</c> fields, and automatic properties without a setter, or with <c>init</c>.</summary>
/// <param name="Values">The values that its type gives it; null where it may be given others too.</param>
/// <param name="Constant">The one constant that it is in every object; without a value where it is none, or not the same in all.</param>
internal sealed record FixedMember(IReadOnlyList<IOperation>? Values, Optional<object?> Constant)
{
    private static readonly FixedMember Unknown = new(null, default);

    /// <summary>Whether nothing changes the member once its object is made.</summary>
    public static bool IsLasting(ISymbol member) => member switch
    {
        _ when member.DeclaringSyntaxReferences.IsEmpty => false,
        IFieldSymbol field => field is { IsReadOnly: true, IsConst: false },
        IPropertySymbol { IsIndexer: false, IsAbstract: false, IsVirtual: false, IsOverride: false, GetMethod: not null, SetMethod: null or { IsInitOnly: true } } property => IsAutomatic(property),
        _ => false,
    };

    /// <summary>Whether a creation may be what such a member is given, told from the syntax alone: most are given a parameter.</summary>
    public static bool MayBeCreated(ISymbol member, CancellationToken cancellationToken)
    {
        if (!IsLasting(member))
            return false;
        foreach (var reference in member.DeclaringSyntaxReferences)
        {
            if (Initializer(reference.GetSyntax(cancellationToken)) is { } initializer)
                return initializer.Value is BaseObjectCreationExpressionSyntax;
        }

        return member.ContainingType.Constructors.SelectMany(static c => c.DeclaringSyntaxReferences)
            .Select(r => r.GetSyntax(cancellationToken)).OfType<ConstructorDeclarationSyntax>()
            .SelectMany(static c => c.DescendantNodes()).OfType<AssignmentExpressionSyntax>()
            .Any(a => a.Right is BaseObjectCreationExpressionSyntax && SourceAssignments.NameOf(a.Left) == member.Name);
    }

    public static FixedMember Of(ISymbol member, SourceModel source, CancellationToken cancellationToken)
    {
        if (!IsLasting(member) || member is IPropertySymbol { SetMethod: not null })
            return Unknown;
        var values = new List<IOperation>();
        var isInitialized = false;
        foreach (var reference in member.DeclaringSyntaxReferences)
        {
            if (Initializer(reference.GetSyntax(cancellationToken)) is not { } initializer)
                continue;
            if (source.Operation(initializer.Value, cancellationToken) is not { } value)
                return Unknown;
            values.Add(value);
            isInitialized = member.IsStatic || member.ContainingType.TypeKind == TypeKind.Class;
        }

        foreach (var place in Places(member, source, cancellationToken))
        {
            if (source.Operation(place, cancellationToken) is not ISimpleAssignmentOperation { IsRef: false } assignment)
                return Unknown;
            values.Add(assignment.Value);
        }

        // What nothing here gives a value is given one by what isn't here: a serializer, EF Core.
        return values.Count == 0 ? Unknown : new FixedMember(values, Only(values, isInitialized ? default : Default(member)));
    }

    /// <summary>Whether the source gives a member a value in no other way than where an object is created: <c>new Options { Member = … }</c>.</summary>
    public static bool IsGivenByCreationsOnly(ISymbol member, SourceModel source, CancellationToken cancellationToken) =>
        source.GivingPlaces(member.Name, cancellationToken).All(p => p is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } || !MayGive(p, member, source, cancellationToken));

    public static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IFieldSymbol declared => declared.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };

    public static EqualsValueClauseSyntax? Initializer(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax declarator => declarator.Initializer,
        PropertyDeclarationSyntax property => property.Initializer,
        _ => null,
    };

    // Only its own type can give it one, where it isn't an init property.
    private static IEnumerable<ExpressionSyntax> Places(ISymbol member, SourceModel source, CancellationToken cancellationToken)
    {
        foreach (var declaration in member.ContainingType.DeclaringSyntaxReferences)
        {
            foreach (var place in SourceAssignments.Of(member.Name, declaration.SyntaxTree, cancellationToken))
            {
                if (declaration.Span.Contains(place.Span) && MayGive(place, member, source, cancellationToken))
                    yield return place;
            }
        }
    }

    /// <summary>Whether a place gives the member itself a value, not its collection an element; what can't be bound may.</summary>
    public static bool MayGive(ExpressionSyntax place, ISymbol member, SourceModel source, CancellationToken cancellationToken)
    {
        var target = place switch
        {
            AssignmentExpressionSyntax { Left: var left } => left,
            RefExpressionSyntax reference => reference.Expression,
            InvocationExpressionSyntax => null,
            _ => place,
        };
        return target is not (null or ElementAccessExpressionSyntax) &&
            source.Model(target.SyntaxTree)?.GetSymbolInfo(target, cancellationToken).Symbol is var named &&
            (named is null || SymbolEqualityComparer.Default.Equals(named.OriginalDefinition, member));
    }

    private static Optional<object?> Only(List<IOperation> values, Optional<object?> found)
    {
        foreach (var value in values)
        {
            if (value.ConstantValue is not { HasValue: true } constant || (found.HasValue && !Equals(found.Value, constant.Value)))
                return default;
            found = constant;
        }

        return found;
    }

    /// <summary>What a member is that nothing gives a value; for a type whose default is no constant here, something that equals no constant.</summary>
    public static Optional<object?> Default(ISymbol member) => TypeOf(member) switch
    {
        { SpecialType: SpecialType.System_Boolean } => new Optional<object?>(false),
        { IsReferenceType: true } => new Optional<object?>(null),
        INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType.SpecialType: SpecialType.System_Int32 } => new Optional<object?>(0),
        _ => new Optional<object?>(member),
    };

    private static bool IsAutomatic(IPropertySymbol property) => property.DeclaringSyntaxReferences.All(static reference => reference.GetSyntax() switch
    {
        PropertyDeclarationSyntax { ExpressionBody: null, AccessorList.Accessors: var accessors } declaration =>
            !declaration.Modifiers.Any(static m => m.IsKind(SyntaxKind.PartialKeyword) || m.IsKind(SyntaxKind.ExternKeyword)) &&
            accessors.All(static a => a.Body is null && a.ExpressionBody is null),
        ParameterSyntax => true,
        _ => false,
    });
}
