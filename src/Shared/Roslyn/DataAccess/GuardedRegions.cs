using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>Which parts of a body run only for some values of its parameters.</summary>
internal sealed class GuardedRegions
{
    private readonly List<(TextSpan Region, ValueGuard Guard)> _regions = [];
    private readonly HashSet<ISymbol> _changed = new(SymbolEqualityComparer.Default);

    public void Add(IOperation operation)
    {
        switch (operation)
        {
            case IConditionalOperation choice:
                Add(choice.WhenTrue, ValueGuard.Of(choice.Condition, true));
                Add(choice.WhenFalse, ValueGuard.Of(choice.Condition, false));
                if (choice is { WhenFalse: null, Parent: IBlockOperation block } && Leaves(choice.WhenTrue))
                    Add(TextSpan.FromBounds(choice.Syntax.Span.End, Math.Max(choice.Syntax.Span.End, block.Syntax.Span.End)), ValueGuard.Of(choice.Condition, false));
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd, OperatorMethod: null } both:
                Add(both.RightOperand, ValueGuard.Of(both.LeftOperand, true));
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr, OperatorMethod: null } either:
                Add(either.RightOperand, ValueGuard.Of(either.LeftOperand, false));
                break;
            case ISwitchExpressionOperation choice:
                foreach (var arm in choice.Arms)
                    Add(arm.Value, ValueGuard.OfPattern(choice.Value, arm.Pattern, true));
                break;
            case ISwitchOperation choice:
                foreach (var section in choice.Cases)
                {
                    if (section.Clauses is [ISingleValueCaseClauseOperation { Value: var value }])
                        Add(section.Syntax.Span, ValueGuard.Of(choice.Value, value, true) ?? []);
                    else if (section.Clauses is [IPatternCaseClauseOperation { Pattern: var pattern }])
                        Add(section.Syntax.Span, ValueGuard.OfPattern(choice.Value, pattern, true));
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

    /// <summary>Whether something gives a parameter or variable another value.</summary>
    public bool IsChanged(ISymbol variable) => HasJumps || _changed.Contains(variable);

    /// <summary>What holds wherever a place in the body runs.</summary>
    public IReadOnlyList<ValueGuard> At(SyntaxNode place)
    {
        if (_regions.Count == 0 || HasJumps)
            return [];
        List<ValueGuard>? guards = null;
        foreach (var (region, guard) in _regions)
        {
            if (region.Contains(place.Span) && !IsInFunctionOf(place, region) && (guard.Parameter is not { } parameter || !_changed.Contains(parameter)))
                (guards ??= []).Add(guard);
        }

        return guards ?? (IReadOnlyList<ValueGuard>)[];
    }

    // A local function may be called from anywhere in the body, whatever stands around its declaration.
    private static bool IsInFunctionOf(SyntaxNode place, TextSpan region)
    {
        for (var at = place; at is not null && region.Contains(at.Span); at = at.Parent)
        {
            if (at is LocalFunctionStatementSyntax)
                return true;
        }

        return false;
    }

    private void Add(IOperation? branch, IEnumerable<ValueGuard> guards)
    {
        if (branch is not null)
            Add(branch.Syntax.Span, guards);
    }

    private void Add(TextSpan region, IEnumerable<ValueGuard> guards)
    {
        foreach (var guard in guards)
            _regions.Add((region, guard));
    }

    private void AddChanged(IOperation target)
    {
        foreach (var operation in target.DescendantsAndSelf())
        {
            if (operation is IParameterReferenceOperation or ILocalReferenceOperation && BodyIndex.Named(operation) is { } changed)
                _changed.Add(changed);
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
