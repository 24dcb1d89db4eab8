using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Which arms of a <c>switch</c> a constant leaves.</content>
internal sealed partial class SqlTextReader
{
    private IEnumerable<ISwitchExpressionArmOperation> PossibleArms(ISwitchExpressionOperation choice)
    {
        var constant = Constant(choice.Value);
        foreach (var arm in choice.Arms)
        {
            var matches = constant.HasValue ? Matches(arm.Pattern, constant.Value) : null;
            if (matches == false)
                continue;
            yield return arm;
            if (matches == true && arm.Guard is null)
                yield break;
        }
    }

    // Of a variable what it is declared with, where nothing changes it.
    private Optional<object?> Constant(IOperation value)
    {
        if (value.ConstantValue.HasValue)
            return value.ConstantValue;
        return value is ILocalReferenceOperation { Local: { DeclaringSyntaxReferences: [var declaration] } local } && declaration.GetSyntax(_cancellationToken) is VariableDeclaratorSyntax { Initializer: not null } &&
            _source.Index(value) is var index && !index.Guards.IsChanged(local) && !index.IsReferred(local) && index.Assignments(local) is [{ Element: null, Value: var given }]
                ? given.ConstantValue
                : default;
    }

    // Null where that isn't known.
    private static bool? Matches(IPatternOperation pattern, object? constant) => pattern switch
    {
        IDiscardPatternOperation => true,
        IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: var wanted } } when wanted is null || constant is null || wanted.GetType() == constant.GetType() => Equals(wanted, constant),
        INegatedPatternOperation negated => !Matches(negated.Pattern, constant),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either => Matches(either.LeftPattern, constant) | Matches(either.RightPattern, constant),
        _ => null,
    };
}
