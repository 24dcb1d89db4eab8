using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>A condition under which code runs: a parameter that never changes is a constant, or isn't.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Value">The constant.</param>
/// <param name="IsEqual">Whether it must be that, or must not.</param>
internal sealed record ParameterGuard(IParameterSymbol Parameter, object? Value, bool IsEqual)
{
    public ParameterGuard Negated => this with { IsEqual = !IsEqual };

    /// <summary>Whether the code doesn't run where the parameter is that constant.</summary>
    public bool Excludes(object? constant) =>
        (constant is null || Value is null || constant.GetType() == Value.GetType()) && Equals(constant, Value) != IsEqual;

    /// <summary>Whether no call runs what stands under both.</summary>
    public bool Contradicts(ParameterGuard other) => SymbolEqualityComparer.Default.Equals(Parameter, other.Parameter) &&
        (IsEqual ? other.Excludes(Value) : other.IsEqual && Excludes(other.Value));

    /// <summary>What is known of parameters where a condition has an outcome.</summary>
    public static IEnumerable<ParameterGuard> Of(IOperation? condition, bool outcome)
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
            case IParameterReferenceOperation { Parameter: { Type.SpecialType: SpecialType.System_Boolean } parameter }:
                return [new ParameterGuard(parameter, true, outcome)];
            case IIsPatternOperation matching:
                return OfPattern(matching.Value, matching.Pattern, outcome);
            default:
                return [];
        }
    }

    /// <summary>What is known of a parameter where it does or doesn't match a pattern.</summary>
    public static IEnumerable<ParameterGuard> OfPattern(IOperation value, IPatternOperation pattern, bool outcome) => pattern switch
    {
        INegatedPatternOperation negated => OfPattern(value, negated.Pattern, !outcome),
        IConstantPatternOperation constant => Of(value, constant.Value, outcome) ?? [],
        _ => [],
    };

    /// <summary>What a comparison with a constant says; null where it is none of a parameter, or of one that counts.</summary>
    public static ParameterGuard[]? Of(IOperation value, IOperation constant, bool isEqual) =>
        value is IParameterReferenceOperation { Parameter: var parameter } && BodyReader.Unwrap(constant) is { ConstantValue: { HasValue: true, Value: var known } } &&
        (known is null or bool or string || parameter.Type.TypeKind == TypeKind.Enum)
            ? [new ParameterGuard(parameter, known, isEqual)]
            : null;
}
