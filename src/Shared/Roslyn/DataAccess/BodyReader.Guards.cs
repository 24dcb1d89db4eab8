using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>What runs only for some values of the parameters, so that a call with constants may leave it out.</content>
internal sealed partial class BodyReader
{
    private IOperation? _guarded;

    private static bool MayGuard(OperationKind kind) =>
        kind is OperationKind.Conditional or OperationKind.Binary or OperationKind.SwitchExpression or OperationKind.Switch;

    private void TakeGuards(IOperation operation)
    {
        if (_guarded is not null)
            return;
        var isGuarded = operation switch
        {
            IConditionalOperation choice => ValueGuard.Of(choice.Condition, true).Concat(ValueGuard.Of(choice.Condition, false)).Any(),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both => ValueGuard.Of(both.LeftOperand, true).Any(),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } either => ValueGuard.Of(either.LeftOperand, false).Any(),
            ISwitchExpressionOperation { Value: var value } => AskedValue.Of(value) is not null,
            ISwitchOperation { Value: var value } => AskedValue.Of(value) is not null,
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
        AddGuards(_sql, static s => s.Syntax, static (s, found) => s with { Guards = found });
        AddGuards(_apis, static a => a.Syntax, static (a, found) => a with { Guards = found });
        AddGuards(_calls, static c => c.Syntax, static (c, found) => c with { Guards = found });

        void AddGuards<T>(List<T> sites, Func<T, SyntaxNode> syntax, Func<T, IReadOnlyList<ValueGuard>, T> with)
        {
            for (var i = sites.Count - 1; i >= 0; i--)
            {
                var found = guards.At(syntax(sites[i]));
                if (found.Any(g => _source.NeverHolds(g, _cancellationToken)))
                    sites.RemoveAt(i);
                else
                    sites[i] = with(sites[i], found);
            }
        }
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
            else if (_source.Created(argument.Value, _cancellationToken) is { } created)
                (constants ??= []).Add(new ConstantArgument(parameter.Ordinal, created, null));
            else if (Handed(argument.Value) is { } given && !_source.Index(argument).Guards.IsChanged(given))
                (constants ??= []).Add(new ConstantArgument(parameter.Ordinal, null, given));
        }

        return constants ?? NoConstants;
    }

    // One that a condition may ask for.
    private static IParameterSymbol? Handed(IOperation value)
    {
        while (value is IConversionOperation { OperatorMethod: null, IsImplicit: true } conversion)
            value = conversion.Operand;
        return value is IParameterReferenceOperation { Parameter: { RefKind: RefKind.None, Type: var type } parameter } &&
            (type.SpecialType == SpecialType.System_Boolean || type.TypeKind == TypeKind.Enum || IsDeclaredHere(type)) ? parameter : null;
    }
}
