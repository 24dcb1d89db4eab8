using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>An object that is created where it is used: its type, and those of its members that are constants and stay so.</summary>
internal sealed class KnownObject
{
    private readonly Dictionary<ISymbol, object?> _members;
    private readonly string _rendered;

    private KnownObject(INamedTypeSymbol type, Dictionary<ISymbol, object?> members)
    {
        Type = type;
        _members = members;
        _rendered = type.ToDisplayString() + "{" + string.Join(",", members.Select(static m => $"{m.Key.ContainingType.Name}.{m.Key.Name}={m.Value ?? "null"}").OrderBy(static m => m, StringComparer.Ordinal)) + "}";
    }

    public INamedTypeSymbol Type { get; }

    public bool HasMembers => _members.Count > 0;

    /// <summary>The same for two objects of which the same is known.</summary>
    public override string ToString() => _rendered;

    /// <summary>Whether a member, or a parameter of the primary constructor, is known.</summary>
    public bool Has(ISymbol member, out object? value) => _members.TryGetValue(member, out value);

    /// <summary>Whether the object is of a type; null where that isn't known.</summary>
    public bool? IsA(INamedTypeSymbol type)
    {
        if (type.IsGenericType || Type.IsGenericType)
            return null;
        return type.SpecialType == SpecialType.System_Object || Implementations.IsOrDerives(Type, type) || Type.AllInterfaces.Contains(type, SymbolEqualityComparer.Default);
    }

    /// <summary>Whether what stands under a condition on a parameter doesn't run where that is the object.</summary>
    public bool Excludes(ValueGuard guard) => guard.Member is not { } member ? guard.Excludes(this) : Has(member, out var value) && guard.Excludes(value);

    /// <summary>Reads what a creation gives its object.</summary>
    public static KnownObject? Of(IObjectCreationOperation creation, SourceModel source, CancellationToken cancellationToken)
    {
        // A struct may put another one in its place.
        if (creation is not { Type: INamedTypeSymbol { IsAnonymousType: false, IsValueType: false } type, Constructor: { } constructor } || type.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty)
            return null;
        var members = new Dictionary<ISymbol, object?>(SymbolEqualityComparer.Default);
        foreach (var member in BaseTypes.AndSelf(type.OriginalDefinition).SelectMany(static t => t.GetMembers()))
        {
            if (!member.IsStatic && FixedMember.TypeOf(member) is { } asked && MayDecide(asked) && FixedMember.IsLasting(member) &&
                Value(member, creation, constructor, source, cancellationToken) is { HasValue: true, Value: var value })
            {
                members[member] = value;
            }
        }

        // Those of a primary constructor are its methods' too.
        foreach (var parameter in constructor.OriginalDefinition.Parameters)
        {
            if (MayDecide(parameter.Type) && Argument(creation, constructor, parameter) is { HasValue: true, Value: var given } && !IsChanged(parameter, source, cancellationToken))
                members[parameter] = given;
        }

        return new KnownObject(type, members);
    }

    private static bool MayDecide(ITypeSymbol type) => type.SpecialType is SpecialType.System_Boolean or SpecialType.System_String || type.TypeKind == TypeKind.Enum;

    private static Optional<object?> Value(ISymbol member, IObjectCreationOperation creation, IMethodSymbol constructor, SourceModel source, CancellationToken cancellationToken)
    {
        if (member is IPropertySymbol { SetMethod: not null } property)
        {
            if (!FixedMember.IsGivenByCreationsOnly(member, source, cancellationToken))
                return default;
            foreach (var given in creation.Initializer?.ChildOperations ?? Enumerable.Empty<IOperation>())
            {
                if (given is ISimpleAssignmentOperation assignment && SymbolEqualityComparer.Default.Equals(BodyIndex.Named(assignment.Target)?.OriginalDefinition, member))
                    return assignment.Value.ConstantValue;
            }

            if (SqlTextReader.Positional(member) is { } positional)
                return Argument(creation, constructor, positional);
            return Initial(property, cancellationToken) is { } initial ? source.Operation(initial, cancellationToken)?.ConstantValue ?? default : FixedMember.Default(member);
        }

        var known = source.Fixed(member, cancellationToken);
        if (known.Constant.HasValue)
            return known.Constant;
        // _audit = audit: of the constructor that is called, in every run of it.
        return known.Values is [IParameterReferenceOperation { Parameter: var parameter } value] && IsGivenAlways(value.Syntax) && !IsChanged(parameter, source, cancellationToken)
            ? Argument(creation, constructor, parameter)
            : default;
    }

    private static Optional<object?> Argument(IObjectCreationOperation creation, IMethodSymbol constructor, IParameterSymbol parameter) =>
        SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol.OriginalDefinition, constructor.OriginalDefinition)
            ? creation.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == parameter.Ordinal)?.Value.ConstantValue ?? default
            : default;

    private static ExpressionSyntax? Initial(ISymbol property, CancellationToken cancellationToken) =>
        property.DeclaringSyntaxReferences.Select(r => FixedMember.Initializer(r.GetSyntax(cancellationToken))?.Value).FirstOrDefault(static v => v is not null);

    // In the body of the constructor as a statement of its own, with no way around it; in an initializer always.
    private static bool IsGivenAlways(SyntaxNode value) =>
        value.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is not { } constructor ||
        constructor.ExpressionBody is not null ||
        (value.FirstAncestorOrSelf<StatementSyntax>() is ExpressionStatementSyntax { Parent: var block } && block == constructor.Body &&
            !constructor.DescendantNodes().Any(static n => n is ReturnStatementSyntax or GotoStatementSyntax));

    private static bool IsChanged(IParameterSymbol parameter, SourceModel source, CancellationToken cancellationToken) =>
        source.GivingPlaces(parameter.Name, cancellationToken).Any(p => FixedMember.MayGive(p, parameter, source, cancellationToken));
}
