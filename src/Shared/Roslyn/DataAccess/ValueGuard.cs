using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>A condition under which code runs: a value that never changes is a constant or of a type, or isn't.</summary>
/// <param name="Asked">The value.</param>
/// <param name="Value">The constant, or the type.</param>
/// <param name="IsEqual">Whether it must be that, or must not.</param>
internal sealed record ValueGuard(AskedValue Asked, object? Value, bool IsEqual)
{
    public ValueGuard Negated => this with { IsEqual = !IsEqual };

    public IParameterSymbol? Parameter => Asked.Parameter;

    public ISymbol? Member => Asked.Member;

    /// <summary>Whether few values are possible, so that each may have a text of its own.</summary>
    public bool IsOfFewValues => Value is ITypeSymbol || Asked.Type is { SpecialType: SpecialType.System_Boolean } or { TypeKind: TypeKind.Enum };

    /// <summary>Whether the code doesn't run where what is asked for is that constant, or a new object.</summary>
    public bool Excludes(object? constant)
    {
        if (constant is KnownObject known)
            return Value is INamedTypeSymbol type ? known.IsA(type) is { } isOfType && isOfType != IsEqual : Value is null && IsEqual;
        return Value is ITypeSymbol
            ? constant is null && IsEqual
            : (constant is null || Value is null || constant.GetType() == Value.GetType()) && Equals(constant, Value) != IsEqual;
    }

    /// <summary>Whether no call runs what stands under both.</summary>
    public bool Contradicts(ValueGuard other) =>
        Asked.Parameter is not null && Asked.Equals(other.Asked) &&
        (Value is ITypeSymbol || other.Value is ITypeSymbol ? IsEqual != other.IsEqual && Equals(Value, other.Value) : IsEqual ? other.Excludes(Value) : other.IsEqual && Excludes(other.Value));

    /// <summary>What is known of values where a condition has an outcome.</summary>
    public static IEnumerable<ValueGuard> Of(IOperation? condition, bool outcome)
    {
        switch (condition)
        {
            case IParenthesizedOperation parenthesized:
                return Of(parenthesized.Operand, outcome);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, OperatorMethod: null } not:
                return Of(not.Operand, !outcome);
            case IBinaryOperation { OperatorMethod: null } both when both.OperatorKind == (outcome ? BinaryOperatorKind.ConditionalAnd : BinaryOperatorKind.ConditionalOr):
                return Of(both.LeftOperand, outcome).Concat(Of(both.RightOperand, outcome));
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, OperatorMethod: null } comparison:
                var isEqual = comparison.OperatorKind == BinaryOperatorKind.Equals == outcome;
                return Of(comparison.LeftOperand, comparison.RightOperand, isEqual) ?? Of(comparison.RightOperand, comparison.LeftOperand, isEqual) ?? [];
            case { Type.SpecialType: SpecialType.System_Boolean } when AskedValue.Of(condition) is { } asked:
                return [new ValueGuard(asked, true, outcome)];
            case IIsPatternOperation matching:
                return OfPattern(matching.Value, matching.Pattern, outcome);
            case IIsTypeOperation test:
                return OfType(test.ValueOperand, test.TypeOperand, test.IsNegated != outcome);
            default:
                return [];
        }
    }

    /// <summary>What is known of a value where it does or doesn't match a pattern.</summary>
    public static IEnumerable<ValueGuard> OfPattern(IOperation value, IPatternOperation pattern, bool outcome) => pattern switch
    {
        INegatedPatternOperation negated => OfPattern(value, negated.Pattern, !outcome),
        IConstantPatternOperation constant => Of(value, constant.Value, outcome) ?? [],
        IDeclarationPatternOperation { MatchesNull: false, MatchedType: { } type } => OfType(value, type, outcome),
        ITypePatternOperation { MatchedType: { } type } => OfType(value, type, outcome),
        // One that has more to match may fail for that.
        IRecursivePatternOperation { MatchedType: { } type } when outcome => OfType(value, type, true),
        _ => [],
    };

    /// <summary>What a comparison with a constant says; null where it is of nothing that could be known, or of a constant that doesn't count.</summary>
    public static ValueGuard[]? Of(IOperation value, IOperation constant, bool isEqual) =>
        AskedValue.Of(value) is { } asked && BodyReader.Unwrap(constant) is { ConstantValue: { HasValue: true, Value: var known } } &&
        (known is null or bool or string || value.Type?.TypeKind == TypeKind.Enum)
            ? [new ValueGuard(asked, known, isEqual)]
            : null;

    private static ValueGuard[] OfType(IOperation value, ITypeSymbol type, bool outcome) =>
        AskedValue.Of(value) is { Parameter: not null, Member: null } asked ? [new ValueGuard(asked, type, outcome)] : [];
}
