using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>What one body does with its variables, in the order of the text: made once, looked up for each text that is read.</summary>
internal sealed class BodyIndex
{
    private readonly Dictionary<ISymbol, List<BodyAssignment>> _assignments = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<IInvocationOperation>> _calls = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<IArgumentOperation>> _handedOn = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, List<ISimpleAssignmentOperation>> _cut = new(SymbolEqualityComparer.Default);

    private readonly Dictionary<ISymbol, List<IOperation>> _elements = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _referred = new(SymbolEqualityComparer.Default);

    public BodyIndex(IOperation root)
    {
        foreach (var operation in root.DescendantsAndSelf())
        {
            var kind = operation.Kind;
            if (IsPlain(kind))
                continue;
            if (kind == OperationKind.Invocation)
            {
                Add((IInvocationOperation)operation);
                continue;
            }

            Add(operation);
            if (kind is OperationKind.VariableDeclarator or OperationKind.SimpleAssignment)
                AddReference(operation);
            Guards.Add(operation);
        }
    }

    /// <summary>Which parts run only for some values of the parameters.</summary>
    public GuardedRegions Guards { get; } = new();

    /// <summary>The values that a variable, field or property is given.</summary>
    public IReadOnlyList<BodyAssignment> Assignments(ISymbol symbol) => _assignments.TryGetValue(symbol, out var found) ? found : [];

    /// <summary>The calls on an object that a variable holds, chained ones too: of <c>b.Append(x).Append(y)</c> both.</summary>
    public IReadOnlyList<IInvocationOperation> Calls(ISymbol symbol) => _calls.TryGetValue(symbol, out var found) ? found : [];

    /// <summary>The arguments that hand a variable's object to a method.</summary>
    public IReadOnlyList<IArgumentOperation> HandedOn(ISymbol symbol) => _handedOn.TryGetValue(symbol, out var found) ? found : [];

    /// <summary>The values that are put into a collection that a variable holds: <c>all[0] = x</c>.</summary>
    public IReadOnlyList<IOperation> Elements(ISymbol symbol) => _elements.TryGetValue(symbol, out var found) ? found : [];

    /// <summary>Whether there is a reference to a variable, or it is one: it may be given a value under another name.</summary>
    public bool IsReferred(ISymbol symbol) => _referred.Contains(symbol);

    /// <summary>Where the length of a variable's object is set: <c>builder.Length = 0</c>.</summary>
    public IReadOnlyList<ISimpleAssignmentOperation> Cut(ISymbol symbol) => _cut.TryGetValue(symbol, out var found) ? found : [];

    /// <summary>The variable, parameter, field or property that an expression names; null for any other expression.</summary>
    public static ISymbol? Named(IOperation? operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation { Arguments.IsEmpty: true } property => property.Property,
        IConversionOperation conversion => Named(conversion.Operand),
        IParenthesizedOperation parenthesized => Named(parenthesized.Operand),
        IAwaitOperation await => Named(await.Operation),
        IDeclarationExpressionOperation declaration => Named(declaration.Expression),
        IConditionalAccessInstanceOperation instance => Named(Asked(instance)),
        _ => null,
    };

    // What stands before the question mark.
    private static IOperation? Asked(IOperation instance)
    {
        for (var at = instance; at.Parent is { } parent; at = parent)
        {
            if (parent is IConditionalAccessOperation access && access.WhenNotNull == at)
                return access.Operation;
        }

        return null;
    }

    /// <summary>The variable, field or property that a created object is put into.</summary>
    public static ISymbol? Holder(IOperation creation) => User(creation) switch
    {
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
        ISimpleAssignmentOperation assignment => Named(assignment.Target),
        _ => null,
    };

    /// <summary>The argument that an expression is given as.</summary>
    public static IArgumentOperation? Argument(IOperation expression) => User(expression) as IArgumentOperation;

    /// <summary>Whether a method returns the value of an expression as it is. What a lambda returns is used by the method.</summary>
    public static bool IsReturned(IOperation? operation)
    {
        if (User(operation) is not IReturnOperation returned)
            return false;
        for (var at = returned.Parent; at is not null; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation)
                return false;
        }

        return true;
    }

    // What uses the value, whatever it is converted to on the way.
    private static IOperation? User(IOperation? operation)
    {
        var at = operation?.Parent;
        while (at is IConversionOperation or IAwaitOperation or IParenthesizedOperation)
            at = at.Parent;
        return at;
    }

    // Most of what a body is made of changes nothing: asked once, before all the rest.
    private static bool IsPlain(OperationKind kind) => kind is
        OperationKind.Block or OperationKind.ExpressionStatement or OperationKind.VariableDeclarationGroup or OperationKind.VariableDeclaration or
        OperationKind.VariableInitializer or OperationKind.Literal or OperationKind.DefaultValue or OperationKind.LocalReference or OperationKind.ParameterReference or
        OperationKind.FieldReference or OperationKind.PropertyReference or OperationKind.InstanceReference or OperationKind.Conversion or OperationKind.Parenthesized or
        OperationKind.Await or OperationKind.ObjectCreation or OperationKind.Return or OperationKind.InterpolatedString or OperationKind.InterpolatedStringText or
        OperationKind.Interpolation;

    private void Add(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation declarator when declarator.GetVariableInitializer() is { } initializer:
                Add(declarator.Symbol, initializer.Value, isAppended: false);
                break;
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "Length", Instance: { } cut }, Value.ConstantValue: { HasValue: true, Value: 0 } } assignment when Named(cut) is { } shortened:
                Add(_cut, shortened, assignment);
                break;
            case IArgumentOperation { Parameter.RefKind: RefKind.Out } output when Named(output.Value) is { } filled:
                Add(filled, output, isAppended: false);
                break;
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref, Value.Type.SpecialType: SpecialType.System_String } changed when Named(changed.Value) is { } given:
                Add(given, changed, isAppended: false);
                Add(_handedOn, given, changed);
                break;
            case IArgumentOperation argument when Named(argument.Value) is { } handed:
                Add(_handedOn, handed, argument);
                break;
            case ISimpleAssignmentOperation { Target: IArrayElementReferenceOperation { ArrayReference: var array } } assignment when Named(array) is { } holder:
                Add(_elements, holder, assignment.Value);
                break;
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Arguments.IsEmpty: false, Instance: { } indexed } } assignment when Named(indexed) is { } holder:
                Add(_elements, holder, assignment.Value);
                break;
            case ISimpleAssignmentOperation assignment when Named(assignment.Target) is { } target:
                Add(target, assignment.Value, isAppended: false);
                break;
            case IDeconstructionAssignmentOperation deconstruction:
                AddElements(deconstruction.Target, deconstruction.Value);
                break;
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add } compound when Named(compound.Target) is { } target:
                Add(target, compound.Value, isAppended: true);
                break;
            // Operators of its own make another object of one.
            case ICompoundAssignmentOperation compound when Named(compound.Target) is { } target:
                Add(target, compound, isAppended: false);
                break;
            case IIncrementOrDecrementOperation increment when Named(increment.Target) is { } target:
                Add(target, increment, isAppended: false);
                break;
            case ICoalesceAssignmentOperation coalesce when Named(coalesce.Target) is { } target:
                Add(target, coalesce.Value, isAppended: false);
                break;
            case IForEachLoopOperation { LoopControlVariable: IVariableDeclaratorOperation variable } loop:
                Add(variable.Symbol, loop.Collection, isAppended: false);
                break;
        }
    }

    private void Add(IInvocationOperation call)
    {
        if (Root(call) is { } root)
            Add(_calls, root, call);
    }

    // ref var a = ref b; a = ref b;
    private void AddReference(IOperation operation)
    {
        var (reference, target) = operation switch
        {
            IVariableDeclaratorOperation { Symbol: { RefKind: RefKind.Ref } local } declarator => (local, declarator.GetVariableInitializer()?.Value),
            ISimpleAssignmentOperation { IsRef: true } assignment => (Named(assignment.Target), assignment.Value),
            _ => (null, null),
        };
        if (reference is null)
            return;
        _referred.Add(reference);
        foreach (var named in target?.DescendantsAndSelf().Select(Named).OfType<ISymbol>() ?? [])
            _referred.Add(named);
    }

    private void AddElements(IOperation target, IOperation value)
    {
        while (target is IDeclarationExpressionOperation declaration)
            target = declaration.Expression;
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        if (target is not ITupleOperation targets)
            return;
        for (var i = 0; i < targets.Elements.Length; i++)
        {
            if (Named(targets.Elements[i]) is not { } element)
                continue;
            if (value is ITupleOperation values && i < values.Elements.Length)
                Add(element, values.Elements[i], isAppended: false);
            else
                Add(_assignments, element, new BodyAssignment(value, isAppended: false, i));
        }
    }

    private void Add(ISymbol symbol, IOperation value, bool isAppended)
    {
        Add(_assignments, symbol, new BodyAssignment(value, isAppended));
    }

    private static void Add<T>(Dictionary<ISymbol, List<T>> lists, ISymbol symbol, T item)
    {
        if (!lists.TryGetValue(symbol, out var list))
            lists.Add(symbol, list = []);
        list.Add(item);
    }

    private static ISymbol? Root(IInvocationOperation call)
    {
        IOperation? at = call;
        while (at is IInvocationOperation inner)
            at = inner.Instance ?? (inner.TargetMethod.IsExtensionMethod && inner.Arguments.Length > 0 ? inner.Arguments[0].Value : null);
        return Named(at);
    }
}
