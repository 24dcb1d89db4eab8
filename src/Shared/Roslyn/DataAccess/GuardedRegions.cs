using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>Which parts of a body run only for some values of its parameters.</summary>
internal sealed class GuardedRegions
{
    private readonly List<(TextSpan Region, ParameterGuard Guard)> _regions = [];
    private readonly HashSet<ISymbol> _changed = new(SymbolEqualityComparer.Default);

    public void Add(IOperation operation)
    {
        switch (operation)
        {
            case IConditionalOperation choice:
                Add(choice.WhenTrue, ParameterGuard.Of(choice.Condition, true));
                Add(choice.WhenFalse, ParameterGuard.Of(choice.Condition, false));
                if (choice is { WhenFalse: null, Parent: IBlockOperation block } && Leaves(choice.WhenTrue))
                    Add(TextSpan.FromBounds(choice.Syntax.Span.End, Math.Max(choice.Syntax.Span.End, block.Syntax.Span.End)), ParameterGuard.Of(choice.Condition, false));
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd, OperatorMethod: null } both:
                Add(both.RightOperand, ParameterGuard.Of(both.LeftOperand, true));
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr, OperatorMethod: null } either:
                Add(either.RightOperand, ParameterGuard.Of(either.LeftOperand, false));
                break;
            case ISwitchExpressionOperation choice:
                foreach (var arm in choice.Arms)
                    Add(arm.Value, ParameterGuard.OfPattern(choice.Value, arm.Pattern, true));
                break;
            case ISwitchOperation choice:
                foreach (var section in choice.Cases)
                {
                    if (section.Clauses is [ISingleValueCaseClauseOperation { Value: var value }])
                        Add(section.Syntax.Span, ParameterGuard.Of(choice.Value, value, true) ?? []);
                }

                break;
            case IAssignmentOperation assignment:
                AddChanged(assignment.Target);
                break;
            case IIncrementOrDecrementOperation increment:
                AddChanged(increment.Target);
                break;
            case IArgumentOperation { Parameter.RefKind: not (RefKind.None or RefKind.In) } argument:
                AddChanged(argument.Value);
                break;
            case IVariableDeclaratorOperation { Symbol.RefKind: not RefKind.None } alias when alias.GetVariableInitializer() is { } initializer:
                AddChanged(initializer.Value);
                break;
            case IAddressOfOperation address:
                AddChanged(address.Reference);
                break;
            // What is jumped into isn't guarded by what stands around it.
            case IBranchOperation { BranchKind: BranchKind.GoTo }:
                HasJumps = true;
                break;
        }
    }

    /// <summary>Whether something jumps, so that what stands later may run earlier.</summary>
    public bool HasJumps { get; private set; }

    /// <summary>Whether something gives a parameter another value.</summary>
    public bool IsChanged(ISymbol parameter) => HasJumps || _changed.Contains(parameter);

    /// <summary>What holds wherever a place in the body runs.</summary>
    public IReadOnlyList<ParameterGuard> At(SyntaxNode place)
    {
        if (_regions.Count == 0 || HasJumps)
            return [];
        List<ParameterGuard>? guards = null;
        foreach (var (region, guard) in _regions)
        {
            if (region.Contains(place.Span) && !_changed.Contains(guard.Parameter))
                (guards ??= []).Add(guard);
        }

        return guards ?? (IReadOnlyList<ParameterGuard>)[];
    }

    private void Add(IOperation? branch, IEnumerable<ParameterGuard> guards)
    {
        if (branch is not null)
            Add(branch.Syntax.Span, guards);
    }

    private void Add(TextSpan region, IEnumerable<ParameterGuard> guards)
    {
        foreach (var guard in guards)
            _regions.Add((region, guard));
    }

    private void AddChanged(IOperation target)
    {
        foreach (var operation in target.DescendantsAndSelf())
        {
            if (operation is IParameterReferenceOperation reference)
                _changed.Add(reference.Parameter);
        }
    }

    private static bool Leaves(IOperation branch) => branch switch
    {
        IBlockOperation { Operations: [.., var last] } => Leaves(last),
        IReturnOperation { Kind: OperationKind.Return } or IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation } => true,
        IBranchOperation { BranchKind: BranchKind.Continue or BranchKind.Break } => true,
        _ => false,
    };
}
