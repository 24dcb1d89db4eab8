using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>Puts what a body does in the order of each block.</summary>
internal sealed class FlowActions(ControlFlowGraph graph, FlowSteps steps, FlowBody body)
{
    private readonly Dictionary<SyntaxNode, FlowSummary> _handedOver = [];
    private readonly Dictionary<ISymbol, FlowSummary> _kept = new(SymbolEqualityComparer.Default);
    private readonly HashSet<SyntaxNode> _seen = [];
    private readonly List<FlowStep> _steps = [];
    private readonly Dictionary<ISymbol, (FlowStep Step, List<FlowAction> Actions)> _streams = new(SymbolEqualityComparer.Default);
    private bool _isCaught;

    /// <summary>Of each block what happens in it.</summary>
    public List<FlowAction>[] Read()
    {
        var blocks = new List<FlowAction>[graph.Blocks.Length];
        foreach (var block in graph.Blocks)
        {
            _isCaught = Throwing.IsCaught(block);
            var actions = blocks[block.Ordinal] = [];
            foreach (var operation in block.Operations)
                Visit(operation, actions);
            if (block.BranchValue is { } value)
                Visit(value, actions);
        }

        SetPositions(blocks);
        foreach (var step in _steps)
            steps.AddSave(step, _steps);
        foreach (var actions in blocks)
            actions.RemoveAll(static a => a is { Kind: FlowActionKind.Step, Step.IsNothing: true });
        GuardedEnds.Lift(graph, blocks);
        return blocks;
    }

    private static void SetPositions(List<FlowAction>[] blocks)
    {
        for (var ordinal = 0; ordinal < blocks.Length; ordinal++)
        {
            for (var i = 0; i < blocks[ordinal].Count; i++)
            {
                if (blocks[ordinal][i].Step is { } step)
                    step.Position = (ordinal, i);
            }
        }
    }

    private void Visit(IOperation root, List<FlowAction> actions)
    {
        foreach (var operation in InnerFirstWalk.Of(root))
            Take(operation, actions);
    }

    private void Take(IOperation operation, List<FlowAction> actions)
    {
        if (operation is ILocalReferenceOperation variable)
            TakeStream(variable, actions);
        TakeThrowing(operation, actions);
        switch (operation)
        {
            case IFlowAnonymousFunctionOperation lambda:
                if (!IsExpressionTree(lambda.Parent))
                    Keep(lambda, body.Summarize(lambda, graph, steps));
                break;
            case IDelegateCreationOperation { Target: IMethodReferenceOperation reference } creation:
                Keep(creation, Summarize(reference));
                break;
            // Named, not run.
            case IMethodReferenceOperation:
                break;
            case IAwaitOperation await:
                actions.Add(new FlowAction(FlowActionKind.Await, await.Syntax));
                break;
            case IInvocationOperation call:
                if (FlowCompletion.IsWait(call))
                    actions.Add(new FlowAction(FlowActionKind.Await, call.Syntax));
                TakeCall(call, actions);
                break;
            case IPropertyReferenceOperation { Property: { Name: "Result", ContainingType.Name: "Task" or "ValueTask" } }:
                actions.Add(new FlowAction(FlowActionKind.Await, operation.Syntax));
                break;
            case IInvalidOperation { Syntax: InvocationExpressionSyntax unbound }:
                TakeUnbound(unbound, actions);
                break;
            case IObjectCreationOperation { Type.Name: "TransactionScope" } creation:
                actions.Add(new FlowAction(FlowActionKind.Begins, creation.Syntax, null, FlowTransactions.Scope));
                break;
            default:
                if (operation.Syntax is ExpressionSyntax)
                    TakeOther(operation, actions);
                break;
        }
    }

    private void TakeCall(IInvocationOperation call, List<FlowAction> actions)
    {
        if (FlowTransactionCalls.KindOf(call) is var (kind, transactions))
        {
            if (kind == FlowActionKind.Begins && transactions == FlowTransactions.UnitOfWork)
                transactions = body.Units.Begin(body.Finder.Sources.Of(call.Instance));
            actions.Add(new FlowAction(kind, call.Syntax, null, transactions));
        }

        // Disposal at the end of a using statement has the syntax of what is disposed.
        if (call.IsImplicit || !_seen.Add(call.Syntax))
            return;
        var step = new FlowStep(call.Syntax);
        if (!steps.AddRouted(step, call.TargetMethod))
            steps.Add(step);
        steps.AddRedirects(step, call);
        if (_handedOver.TryGetValue(call.Syntax, out var lambda) && IsRunBy(call))
            FlowSteps.Add(step, lambda);
        if (call is { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: ILocalReferenceOperation { Local: var local } } && _kept.TryGetValue(local, out var kept))
            FlowSteps.Add(step, kept);
        Add(step, call.Type, actions);
        KeepStream(step, call, actions);
    }

    private void TakeThrowing(IOperation operation, List<FlowAction> actions)
    {
        if (!_isCaught)
            return;
        var isLikely = operation switch
        {
            IInvocationOperation call => Throwing.IsLikely(call),
            IObjectCreationOperation creation => Throwing.IsLikely(creation),
            IAwaitOperation await => Throwing.IsOfVariable(await.Operation),
            IDynamicInvocationOperation => true,
            _ => false,
        };
        if (isLikely)
            actions.Add(new FlowAction(FlowActionKind.Throws, operation.Syntax));
    }

    // var rows = orders.StreamAsync(): it is read where it is enumerated.
    private void KeepStream(FlowStep step, IInvocationOperation call, List<FlowAction> actions)
    {
        if (step is { Reads.Count: > 0, Writes.Count: 0, Tracked.Count: 0 } && call is { Type.Name: "IAsyncEnumerable", Parent: ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } })
            _streams[local] = (step, actions);
    }

    private void TakeStream(ILocalReferenceOperation reference, List<FlowAction> actions)
    {
        if (!_streams.TryGetValue(reference.Local, out var stream))
            return;
        _streams.Remove(reference.Local);
        // It gets something else.
        if (reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference)
            return;
        stream.Actions.RemoveAll(a => a.Step == stream.Step);
        actions.Add(new FlowAction(FlowActionKind.Step, stream.Step.Syntax, stream.Step));
    }

    private void TakeUnbound(InvocationExpressionSyntax call, List<FlowAction> actions)
    {
        if (!_seen.Add(call))
            return;
        var step = new FlowStep(call);
        var meant = steps.AddUnbound(step, call);
        if (meant is null)
            steps.Add(step);
        Add(step, meant?.ReturnType, actions);
    }

    private void TakeOther(IOperation operation, List<FlowAction> actions)
    {
        // The syntax of a call is that of what converts it, too.
        if (operation is IConversionOperation or IFlowCaptureReferenceOperation or IFlowCaptureOperation or IInstanceReferenceOperation || operation.Syntax is InvocationExpressionSyntax || !_seen.Add(operation.Syntax) || !steps.IsPlace(operation.Syntax))
            return;
        var step = new FlowStep(operation.Syntax);
        steps.Add(step);
        Add(step, null, actions);
    }

    // Most calls have nothing to do with a database.
    private void Add(FlowStep step, ITypeSymbol? type, List<FlowAction> actions)
    {
        if (step.IsNothing && !steps.IsSave(step))
            return;
        step.Completion = FlowCompletion.Of(step.Syntax, type, body.Finder.Effects.Source);
        _steps.Add(step);
        actions.Add(new FlowAction(FlowActionKind.Step, step.Syntax, step));
    }

    private FlowSummary Summarize(IMethodReferenceOperation reference)
    {
        var step = new FlowStep(reference.Syntax);
        if (!steps.AddRouted(step, reference.Method))
            steps.Add(step);
        _seen.Add(reference.Syntax);
        return step.IsNothing ? FlowSummary.Nothing : new FlowSummary(step.Writes, step.Reads, step.Tracked);
    }

    // Until the call that it is an argument of, or those of the variable that holds it.
    private void Keep(IOperation function, FlowSummary summary)
    {
        if (summary.IsNothing)
            return;
        for (var node = function.Syntax; node.Parent is { } parent && node.Parent is not (StatementSyntax or AnonymousFunctionExpressionSyntax); node = parent)
        {
            if (node is ArgumentSyntax && parent.Parent is InvocationExpressionSyntax call)
            {
                _handedOver[call] = _handedOver.TryGetValue(call, out var other) ? Both(other, summary) : summary;
                return;
            }
        }

        for (var at = function.Parent; at is not null; at = at.Parent)
        {
            if (at is ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } })
                _kept[local] = _kept.TryGetValue(local, out var other) ? Both(other, summary) : summary;
        }
    }

    private static FlowSummary Both(FlowSummary first, FlowSummary second) =>
        new(first.Writes.Concat(second.Writes).ToArray(), first.Reads.Concat(second.Reads).ToArray(), first.Tracked.Concat(second.Tracked).ToArray());

    // A handler that is registered runs some time; one that is awaited, or that a method at hand calls, runs now.
    private bool IsRunBy(IInvocationOperation call)
    {
        if (FlowCompletion.Of(call.Syntax, call.Type, body.Finder.Effects.Source).Await is not null)
            return true;
        if (!call.TargetMethod.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty)
            return call.TargetMethod.OriginalDefinition.DeclaringSyntaxReferences.Any(r => CallsParameter(r.GetSyntax(body.Walk.CancellationToken), call.TargetMethod));
        var space = call.TargetMethod.ContainingNamespace?.ToDisplayString();
        return space is "System.Linq" or "System.Threading.Tasks" or "System.Collections.Generic" ||
            call.TargetMethod.Name.StartsWith("Execute", StringComparison.Ordinal) || call.TargetMethod.Name.StartsWith("Invoke", StringComparison.Ordinal);
    }

    // By itself, or it hands it on.
    private static bool CallsParameter(SyntaxNode declaration, IMethodSymbol method) => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call =>
        call.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => method.Parameters.Any(p => p.Type.TypeKind == TypeKind.Delegate && p.Name == name.Identifier.ValueText)));

    private static bool IsExpressionTree(IOperation? parent) =>
        parent?.Type is { Name: "Expression", ContainingNamespace: { Name: "Expressions", ContainingNamespace.Name: "Linq" } };
}
