using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>
/// Delegates. A lambda counts where it is written; one that a member holds counts where the member is read. Whoever hands a
/// connection to one of which the source says nothing does something unknown.
/// </content>
internal sealed partial class BodyReader
{
    /// <summary>How many variables and members a delegate is followed through.</summary>
    private const int MaxDelegates = 6;

    private enum Origin : byte
    {
        /// <summary>Its code is at hand, and counts elsewhere.</summary>
        Known,

        /// <summary>A parameter: the code counts at the caller.</summary>
        Caller,

        Unknown,
    }

    private void TakeInvoke(IInvocationOperation call)
    {
        if (call.Arguments.Any(IsConnection))
            TakeUnlessKnown(call.Instance, call.Syntax, BodyIndex.Named(call.Instance)?.Name ?? call.TargetMethod.Name);
    }

    // Handed to a method, which may run it with the connection.
    private void TakeHandedDelegate(IArgumentOperation argument, IMethodSymbol method, SyntaxNode call)
    {
        if (argument is { Parameter.Type: INamedTypeSymbol { DelegateInvokeMethod: { } invoke } } && invoke.Parameters.Any(static p => DataAccessApis.IsConnectionLike(p.Type)))
            TakeUnlessKnown(argument.Value, call, BodyIndex.Named(argument.Value)?.Name ?? method.Name);
    }

    private void TakeUnlessKnown(IOperation? function, SyntaxNode call, string name)
    {
        if (OriginOf(function, MaxDelegates) is not Origin.Known and var origin)
            _apis.Add(new ApiSite(ApiEffect.Unknown, call, name, origin == Origin.Caller));
    }

    private Origin OriginOf(IOperation? function, int depth)
    {
        if (depth == 0)
            return Origin.Unknown;
        switch (Unwrap(function))
        {
            // What an empty collection is filled with later stands elsewhere.
            case IObjectCreationOperation { Type.TypeKind: not TypeKind.Delegate, Arguments.IsEmpty: true, Initializer: null or { Initializers.IsEmpty: true } } collection when HoldsDelegates(collection.Type):
                return Origin.Unknown;
            case IAnonymousFunctionOperation or IDelegateCreationOperation or IMethodReferenceOperation or IObjectCreationOperation or IArrayCreationOperation:
            case ILiteralOperation or IDefaultValueOperation:
                return Origin.Known;
            case IConditionalAccessInstanceOperation instance:
                return OriginOf(Accessed(instance), depth - 1);
            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                return Worst([choice.WhenTrue, otherwise], depth);
            case ICoalesceOperation choice:
                return Worst([choice.Value, choice.WhenNull], depth);
            case ILocalReferenceOperation local:
                return Worst(Held(local), depth);
            // One of a primary constructor's is its object's; one of a lambda's whoever runs it gives.
            case IParameterReferenceOperation { Parameter: var parameter } reference:
                return _source.Index(reference).Assignments(parameter).Count > 0 || parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.AnonymousFunction }
                    ? Origin.Unknown
                    : Origin.Caller;
            case IPropertyReferenceOperation { Arguments.IsEmpty: false, Instance: { } collection }:
                return OriginOf(collection, depth - 1);
            case IPropertyReferenceOperation { Property: { Name: "Value", ContainingType.Name: "Lazy" }, Instance: { } lazy }:
                return OriginOf(lazy, depth - 1);
            case IArrayElementReferenceOperation { ArrayReference: var array }:
                return OriginOf(array, depth - 1);
            case IPropertyReferenceOperation { Property: var property }:
                return property.GetMethod is { } getter && IsFollowed(getter) ? Origin.Known : OriginOfMember(property.OriginalDefinition, depth);
            case IFieldReferenceOperation { Field: var field }:
                return OriginOfMember(field.OriginalDefinition, depth);
            case IInvocationOperation { TargetMethod: var method } when IsFollowed(method):
                return Origin.Known;
            default:
                return Origin.Unknown;
        }
    }

    private Origin OriginOfMember(ISymbol member, int depth) =>
        SqlTextReader.IsSettableElsewhere(member) || Worst(_texts.Values(member), depth) != Origin.Known ? Origin.Unknown : Origin.Known;

    // What a variable is given; a collection that begins empty holds what is put in.
    private IEnumerable<IOperation> Held(ILocalReferenceOperation local)
    {
        var index = _source.Index(local);
        var given = index.Assignments(local.Local).Select(static a => a.Value);
        var added = HoldsDelegates(local.Type) && local.Type?.TypeKind != TypeKind.Delegate
            ? index.Calls(local.Local).SelectMany(static c => c.Arguments).Select(static a => a.Value).Where(static v => HoldsDelegates(Unwrap(v)?.Type ?? v.Type)).ToArray()
            : [];
        return added.Length == 0 ? given : given.Where(static v => Unwrap(v) is not IObjectCreationOperation).Concat(added);
    }

    // Of none nothing is known.
    private Origin Worst(IEnumerable<IOperation> values, int depth)
    {
        Origin? worst = null;
        foreach (var value in values)
        {
            if (OriginOf(value, depth - 1) is var origin && !(origin <= worst))
                worst = origin;
        }

        return worst ?? Origin.Unknown;
    }

    // An expression tree runs where it is made a delegate again.
    private bool IsCompiled(IOperation tree) =>
        tree.Parent is IInvocationOperation { TargetMethod.Name: "Compile" } ||
        (BodyIndex.Holder(tree) is { } holder && _source.Index(tree).Calls(holder).Any(static c => c.TargetMethod.Name == "Compile"));

    private static IOperation? Accessed(IConditionalAccessInstanceOperation instance)
    {
        for (IOperation? at = instance.Parent, below = instance; at is not null; (below, at) = (at, at.Parent))
        {
            if (at is IConditionalAccessOperation access && access.WhenNotNull == below)
                return access.Operation;
        }

        return null;
    }

    private static bool IsRead(IOperation member) => member.Parent is not ISimpleAssignmentOperation assignment || assignment.Target != member;

    // A member that holds lambdas runs them when they are called; of several, as in a table of them, one.
    private void TakeDelegates(ISymbol member, IOperation operation)
    {
        if (member.DeclaringSyntaxReferences.IsEmpty || !HoldsDelegates(member switch { IFieldSymbol field => field.Type, IPropertySymbol property => property.Type, _ => null }))
            return;
        TakeFunctions(_texts.Values(member.OriginalDefinition).SelectMany(Functions), member, operation);
    }

    // A raised event runs what the source subscribes to it; of several not all may be subscribed to the object at hand.
    private void TakeHandlers(IEventSymbol raised, IOperation operation)
    {
        if (raised.DeclaringSyntaxReferences.IsEmpty)
            return;
        var functions = _source.Assignments(raised.Name, _cancellationToken)
            .Where(static a => a.IsKind(SyntaxKind.AddAssignmentExpression))
            .Take(SourceModel.MostAssignments)
            .Select(a => _source.Operation(a, _cancellationToken))
            .OfType<IEventAssignmentOperation>()
            .Where(a => a.EventReference is IEventReferenceOperation { Event: var subscribed } && SymbolEqualityComparer.Default.Equals(subscribed.OriginalDefinition, raised.OriginalDefinition))
            .SelectMany(a => Functions(a.HandlerValue));
        TakeFunctions(functions, raised, operation);
    }

    private void TakeFunctions(IEnumerable<IMethodSymbol> found, ISymbol member, IOperation operation)
    {
        var functions = found.Distinct<IMethodSymbol>(SymbolEqualityComparer.Default).ToArray();
        foreach (var function in functions)
        {
            var before = _calls.Count;
            AddCall(function, operation.Syntax, null, false, null);
            if (functions.Length > 1 && _calls.Count > before)
                _calls[before] = _calls[before] with { Doubt = $"one of the delegates in '{member.Name}' writes" };
        }
    }

    private static bool HoldsDelegates(ITypeSymbol? type) => type switch
    {
        { TypeKind: TypeKind.Delegate } => true,
        IArrayTypeSymbol array => HoldsDelegates(array.ElementType),
        INamedTypeSymbol { Name: "Lazy", TypeArguments.Length: 1 } => true,
        INamedTypeSymbol { TypeArguments: { IsEmpty: false } arguments } => arguments.Any(static a => a.TypeKind == TypeKind.Delegate),
        _ => false,
    };

    // The outermost: those inside of a lambda it runs itself.
    private IEnumerable<IMethodSymbol> Functions(IOperation value)
    {
        var pending = new Stack<IOperation>();
        pending.Push(value);
        while (pending.Count > 0)
        {
            switch (pending.Pop())
            {
                case IAnonymousFunctionOperation lambda:
                    yield return lambda.Symbol;
                    break;
                case IMethodReferenceOperation reference:
                    yield return reference.Method;
                    break;
                case IInvocationOperation call when HoldsDelegates(call.Type) && IsFollowed(call.TargetMethod):
                    yield return call.TargetMethod;
                    break;
                case var other:
                    foreach (var child in other.ChildOperations.Reverse())
                        pending.Push(child);
                    break;
            }
        }
    }
}
