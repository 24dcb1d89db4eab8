using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>Tells which answers an expression holds, and notes what it assigns and hands to writes.</summary>
internal sealed class FlowValueReader
{
    private readonly Dictionary<SyntaxNode, FlowStep> _steps = [];
    private readonly Dictionary<CaptureId, IOperation> _captured = [];
    private readonly IReadOnlyDictionary<FlowStep, ulong> _reads;
    private readonly SourceModel _source;

    public FlowValueReader(FlowGraph flow, IReadOnlyDictionary<FlowStep, ulong> reads, SourceModel source)
    {
        foreach (var step in flow.Steps)
            _steps[step.Syntax] = step;
        _reads = reads;
        _source = source;
    }

    /// <summary>What the steps are given, on all ways seen so far.</summary>
    public Dictionary<FlowStep, FlowValue> Given { get; } = [];

    /// <summary>The value of an expression.</summary>
    public FlowValue Read(IOperation root, ref FlowVariables variables)
    {
        var values = new Dictionary<IOperation, FlowValue>();
        foreach (var operation in InnerFirstWalk.Of(root))
            values[operation] = Leave(operation, values, ref variables);
        return values.TryGetValue(root, out var value) ? value : default;
    }

    private FlowValue Leave(IOperation operation, Dictionary<IOperation, FlowValue> values, ref FlowVariables variables)
    {
        var inside = default(FlowValue);
        foreach (var child in operation.ChildOperations)
            inside = inside.Or(Of(child));
        if (StepOf(operation) is { } step)
        {
            Give(step, operation is IInvocationOperation { Instance: { } instance, TargetMethod.MethodKind: not MethodKind.DelegateInvoke } ? Arguments(operation, instance) : inside.Or(Mentioned(Initializer(operation), variables)));
            // What another call makes of an answer is that call's answer.
            return _reads.TryGetValue(step, out var bit) ? new FlowValue(bit, 0) : default;
        }

        switch (operation)
        {
            case ILocalReferenceOperation or IParameterReferenceOperation or IFlowCaptureReferenceOperation:
                return variables[Variable(operation)!];
            case IFieldReferenceOperation or IPropertyReferenceOperation:
                return Variable(operation) is { } own ? variables[own] : IsKey((IMemberReferenceOperation)operation) ? inside.AsKey() : inside;
            case IFlowCaptureOperation capture:
                _captured[capture.Id] = capture.Value;
                variables = variables.Set(capture.Id, Of(capture.Value));
                return default;
            case ISimpleAssignmentOperation assignment:
                Assign(assignment.Target, Of(assignment.Value), false, ref variables);
                return Of(assignment.Value);
            case ICompoundAssignmentOperation compound:
                Assign(compound.Target, Of(compound.Value).AsWhole(), true, ref variables);
                return inside.AsWhole();
            case IDeconstructionAssignmentOperation assignment:
                Deconstruct(assignment.Target, assignment.Value, Of, ref variables);
                return Of(assignment.Value);
            case IIsPatternOperation pattern:
                Bind(pattern.Pattern, Of(pattern.Value), ref variables);
                return inside;
            case IBinaryOperation { Type.SpecialType: not (SpecialType.System_Boolean or SpecialType.System_String) }:
                return inside.AsWhole();
            case IFlowAnonymousFunctionOperation:
                return Mentioned(operation.Syntax, variables);
            case IInvocationOperation call:
                AssignArguments(call, inside, ref variables);
                return inside;
            default:
                return inside;
        }

        FlowValue Of(IOperation child) => values.TryGetValue(child, out var value) ? value : default;

        FlowValue Arguments(IOperation call, IOperation instance)
        {
            var given = default(FlowValue);
            foreach (var child in call.ChildOperations)
            {
                if (child != instance)
                    given = given.Or(Of(child));
            }

            return given;
        }
    }

    private void Give(FlowStep step, FlowValue given)
    {
        if (step.Writes.Count > 0)
            Given[step] = Given.TryGetValue(step, out var known) ? known.Or(given) : given;
    }

    // The syntax of a call is that of what converts, captures and disposes it, too.
    private FlowStep? StepOf(IOperation operation) =>
        operation is not (IConversionOperation or IFlowCaptureOperation or IFlowCaptureReferenceOperation or IInstanceReferenceOperation or IArgumentOperation or IInvocationOperation { IsImplicit: true }) &&
        (operation.Syntax is not InvocationExpressionSyntax || operation is IInvocationOperation or IInvalidOperation or IDynamicInvocationOperation) &&
        operation.Syntax is ExpressionSyntax && _steps.TryGetValue(operation.Syntax, out var step) ? step : null;

    // What follows in braces is assigned later in the graph.
    private static InitializerExpressionSyntax? Initializer(IOperation operation) => (operation.Syntax as BaseObjectCreationExpressionSyntax)?.Initializer;

    private static object? Variable(IOperation operation)
    {
        switch (operation)
        {
            case ILocalReferenceOperation local:
                return local.Local;
            case IParameterReferenceOperation parameter:
                return parameter.Parameter;
            case IFlowCaptureReferenceOperation capture:
                return capture.Id;
            case IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } field:
                return field.Field;
            case IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }, Arguments.IsEmpty: true } property:
                return property.Property;
            default:
                return null;
        }
    }

    private void Assign(IOperation target, FlowValue value, bool isAdded, ref FlowVariables variables)
    {
        while (true)
        {
            switch (target)
            {
                case IFlowCaptureReferenceOperation reference when _captured.TryGetValue(reference.Id, out var captured) && captured is not IFlowCaptureReferenceOperation:
                    isAdded |= Variable(captured) is null;
                    if (isAdded)
                        variables = variables.Set(reference.Id, variables[reference.Id].Or(value));
                    target = captured;
                    continue;
                case IConversionOperation conversion:
                    target = conversion.Operand;
                    continue;
                case IDeclarationExpressionOperation declaration:
                    target = declaration.Expression;
                    continue;
                case IMemberReferenceOperation { Instance: { } instance } when Variable(target) is null:
                    // What is put into an object is in it.
                    (target, isAdded) = (instance, true);
                    continue;
                case IArrayElementReferenceOperation element:
                    (target, isAdded) = (element.ArrayReference, true);
                    continue;
                case ITupleOperation tuple:
                    foreach (var element in tuple.Elements)
                        Assign(element, value, isAdded, ref variables);
                    return;
            }

            if (Variable(target) is { } variable)
                variables = variables.Set(variable, isAdded ? variables[variable].Or(value) : value);
            return;
        }
    }

    private void Deconstruct(IOperation target, IOperation value, Func<IOperation, FlowValue> of, ref FlowVariables variables)
    {
        while (target is IDeclarationExpressionOperation declaration)
            target = declaration.Expression;
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        if (target is ITupleOperation targets && value is ITupleOperation given && targets.Elements.Length == given.Elements.Length)
        {
            for (var i = 0; i < targets.Elements.Length; i++)
                Deconstruct(targets.Elements[i], given.Elements[i], of, ref variables);
            return;
        }

        Assign(target, of(value), false, ref variables);
    }

    // out variables, and what is put into a list.
    private void AssignArguments(IInvocationOperation call, FlowValue inside, ref FlowVariables variables)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.RefKind is RefKind.Out or RefKind.Ref)
                Assign(argument.Value, inside, argument.Parameter.RefKind == RefKind.Ref, ref variables);
        }

        if (call.Instance is { } instance && inside != default && call.TargetMethod.Name is "Add" or "AddRange" or "Insert" or "Enqueue" or "Push" or "Append" or "TryAdd")
            Assign(call.Instance!, inside, true, ref variables);
    }

    private static void Bind(IPatternOperation pattern, FlowValue value, ref FlowVariables variables)
    {
        switch (pattern)
        {
            case IDeclarationPatternOperation { DeclaredSymbol: { } declared }:
                variables = variables.Set(declared, value);
                return;
            case IRecursivePatternOperation recursive:
                if (recursive.DeclaredSymbol is { } whole)
                    variables = variables.Set(whole, value);
                foreach (var property in recursive.PropertySubpatterns)
                    Bind(property.Pattern, property.Member is IMemberReferenceOperation member && IsKey(member) ? value.AsKey() : value, ref variables);
                foreach (var part in recursive.DeconstructionSubpatterns)
                    Bind(part, value, ref variables);
                return;
            case IListPatternOperation list:
                if (list.DeclaredSymbol is { } all)
                    variables = variables.Set(all, value);
                foreach (var part in list.Patterns)
                    Bind(part, value, ref variables);
                return;
            default:
                foreach (var child in pattern.ChildOperations)
                {
                    if (child is IPatternOperation inner)
                        Bind(inner, value, ref variables);
                }

                return;
        }
    }

    private static bool IsKey(IMemberReferenceOperation member) => IsKey(member.Member.Name);

    // Of a lambda, and what stands in braces behind a creation: the variables that hold answers.
    private FlowValue Mentioned(SyntaxNode? code, FlowVariables variables)
    {
        var found = default(FlowValue);
        if (code is null)
            return found;
        foreach (var node in code.DescendantNodes())
        {
            if (_steps.TryGetValue(node, out var step) && _reads.TryGetValue(step, out var bit))
                found = found.Or(new FlowValue(bit, 0));
            if (node is not IdentifierNameSyntax name || variables.Values.IsEmpty || !variables.Values.Keys.Any(k => k is ISymbol s && s.Name == name.Identifier.ValueText))
                continue;
            if (_source.Model(code.SyntaxTree)?.GetSymbolInfo(name).Symbol is { } symbol)
                found = found.Or(name.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var member } access && access.Expression == name && IsKey(member) ? variables[symbol].AsKey() : variables[symbol]);
        }

        return found;
    }

    private static bool IsKey(string name) => name == "Id" || name.EndsWith("Id", StringComparison.Ordinal) || name.EndsWith("Key", StringComparison.Ordinal);
}
