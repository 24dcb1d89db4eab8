using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>What runs only for some values of the parameters, so that a call with constants may leave it out.</content>
internal sealed partial class BodyReader
{
    private IOperation? _guarded;

    private void TakeGuards(IOperation operation)
    {
        if (_guarded is not null)
            return;
        var isGuarded = operation switch
        {
            IConditionalOperation choice => ParameterGuard.Of(choice.Condition, true).Concat(ParameterGuard.Of(choice.Condition, false)).Any(),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both => ParameterGuard.Of(both.LeftOperand, true).Any(),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either => ParameterGuard.Of(either.LeftOperand, false).Any(),
            ISwitchExpressionOperation { Value: IParameterReferenceOperation } or ISwitchOperation { Value: IParameterReferenceOperation } => true,
            _ => false,
        };
        if (isGuarded)
            _guarded = operation;
    }

    private void AddGuards()
    {
        if (_guarded is null)
            return;
        var guards = _source.Index(_guarded).Guards;
        for (var i = 0; i < _sql.Count; i++)
            _sql[i] = _sql[i] with { Guards = guards.At(_sql[i].Syntax) };
        for (var i = 0; i < _apis.Count; i++)
            _apis[i] = _apis[i] with { Guards = guards.At(_apis[i].Syntax) };
        for (var i = 0; i < _calls.Count; i++)
            _calls[i] = _calls[i] with { Guards = guards.At(_calls[i].Syntax) };
    }

    // Shared by all calls that have none.
    private static readonly List<ConstantArgument> NoConstants = [];

    private List<ConstantArgument> Constants(ImmutableArray<IArgumentOperation> arguments)
    {
        List<ConstantArgument>? constants = null;
        foreach (var argument in arguments)
        {
            if (argument.Parameter is not { RefKind: RefKind.None } parameter)
                continue;
            if (argument.Value.ConstantValue is { HasValue: true, Value: var value })
                (constants ??= []).Add(new ConstantArgument(parameter.Ordinal, value, null));
            else if (argument.Value is IParameterReferenceOperation { Parameter: { RefKind: RefKind.None, Type: { SpecialType: SpecialType.System_Boolean } or { TypeKind: TypeKind.Enum } } given } && !_source.Index(argument).Guards.IsChanged(given))
                (constants ??= []).Add(new ConstantArgument(parameter.Ordinal, null, given));
        }

        return constants ?? NoConstants;
    }
}
