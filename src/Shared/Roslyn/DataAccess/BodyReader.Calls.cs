using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Which methods are followed.</content>
internal sealed partial class BodyReader
{
    private static readonly Lazy<IReadOnlyDictionary<int, SqlTexts>> NoArguments = new(static () => new Dictionary<int, SqlTexts>());

    // Its body is at hand, or the assembly that has it says what it writes.
    private bool IsFollowed(IMethodSymbol method) =>
        SourceModel.HasBody(method.OriginalDefinition, _cancellationToken) || _published.Write(method) is not null;

    private void AddCall(IMethodSymbol method, SyntaxNode syntax, IOperation? instance, bool isVirtual, IInvocationOperation? call) =>
        AddCall(method, syntax, instance, isVirtual, call, call is null ? NoArguments : Arguments(call.Arguments));

    private void AddCall(IMethodSymbol method, SyntaxNode syntax, IOperation? instance, bool isVirtual, IInvocationOperation? call, Lazy<IReadOnlyDictionary<int, SqlTexts>> arguments)
    {
        var target = (method.ReducedFrom ?? method).OriginalDefinition;
        // A shim runs its core, and what a generator wrote says nothing more.
        if (target.IsPartialDefinition && (target.PartialImplementationPart is null || GeneratedMembers.IsGenerated(target.PartialImplementationPart)))
        {
            if (RoutingAttributes.Find(target, _known).Read is null || CoreFinder.Find(target, _known).Core is not { } core)
                return;
            target = core.OriginalDefinition;
        }

        var isOnThis = instance is IInstanceReferenceOperation || target.MethodKind == MethodKind.LocalFunction;
        var created = isOnThis || method.IsStatic ? null : _source.Created(instance, _cancellationToken);
        _calls.Add(new CallSite(
            SymbolEqualityComparer.Default.Equals(target, method.OriginalDefinition) && method.ContainingType?.TypeKind == TypeKind.Interface ? method : target,
            syntax,
            isOnThis ? null : (created?.Type ?? instance?.Type) as INamedTypeSymbol,
            isOnThis,
            isVirtual && !method.IsStatic && instance?.Syntax is not BaseExpressionSyntax,
            arguments)
        {
            IsOnEach = IsOnEach(instance),
            IsExact = created is not null || IsOfExactType(instance),
            Created = created,
            IsOnNew = instance is IInstanceReferenceOperation { ReferenceKind: not InstanceReferenceKind.ContainingTypeInstance },
            Types = TypeArguments(method),
            TypeParameter = call?.ConstrainedToType as ITypeParameterSymbol ?? CreatedParameter(instance),
            Constants = call is null ? [] : Constants(call.Arguments),
            HandsConnection = call is null ? method.MethodKind == MethodKind.Ordinary && method.Parameters.Any(static p => DataAccessApis.IsConnectionLike(p.Type)) : call.Arguments.Any(IsConnection),
            IsReturned = call is not null && BodyIndex.IsReturned(call) && DataAccessApis.IsCommand(call.Type),
        });
    }

    // Shared by all calls that have none.
    private static readonly List<(ITypeParameterSymbol, ITypeSymbol)> NoTypes = [];

    // Those that texts may depend on: of a type that the source declares what T has to be.
    private static List<(ITypeParameterSymbol, ITypeSymbol)> TypeArguments(IMethodSymbol method)
    {
        List<(ITypeParameterSymbol, ITypeSymbol)>? found = null;
        Add(method.OriginalDefinition.TypeParameters, method.TypeArguments);
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
            Add(type.OriginalDefinition.TypeParameters, type.TypeArguments);
        return found ?? NoTypes;

        void Add(ImmutableArray<ITypeParameterSymbol> parameters, ImmutableArray<ITypeSymbol> arguments)
        {
            for (var i = 0; i < parameters.Length && method.ReducedFrom is null; i++)
            {
                if (parameters[i].ConstraintTypes.Any(IsDeclaredHere))
                    (found ??= []).Add((parameters[i], arguments[i]));
            }
        }
    }

    // new T().Run(…)
    private static ITypeParameterSymbol? CreatedParameter(IOperation? instance) =>
        instance is ITypeParameterObjectCreationOperation { Type: ITypeParameterSymbol created } ? created : null;

    // A mediator finds the handlers at run time: each of them runs.
    private void TakeMessages(INamedTypeSymbol? dispatcher, string method, SyntaxNode call, IEnumerable<ITypeSymbol?> arguments)
    {
        if (!MessageHandlers.IsDispatch(method))
            return;
        foreach (var argument in arguments)
        {
            foreach (var (handling, handler, doubt) in _implementations.Handlers.Of(dispatcher, method, argument))
                _calls.Add(new CallSite(handling, call, handler, false, false, NoArguments) { IsChosen = true, Doubt = doubt });
        }
    }

    // foreach (var step in _steps) step.Run(): of what was registered all runs, unless a condition chooses.
    private static bool IsOnEach(IOperation? instance)
    {
        if (instance is not ILocalReferenceOperation { Local: var each })
            return false;
        for (var at = instance.Parent; at is not null; at = at.Parent)
        {
            switch (at)
            {
                case IForEachLoopOperation loop when loop.Locals.Contains(each, SymbolEqualityComparer.Default):
                    return Unwrap(loop.Collection) is IFieldReferenceOperation or IPropertyReferenceOperation { Instance: IInstanceReferenceOperation } or
                        IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } };
                case IConditionalOperation or ISwitchOperation or ISwitchExpressionOperation or IConditionalAccessOperation or ICoalesceOperation or IAnonymousFunctionOperation
                    or IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr }:
                    return false;
            }
        }

        return false;
    }

    private bool IsOfExactType(IOperation? instance) => UnwrapPlain(instance) switch
    {
        IObjectCreationOperation => true,
        ILocalReferenceOperation local => _source.Index(local) is var index && index.Assignments(local.Local) is { Count: > 0 } given && given.All(static a => UnwrapPlain(a.Value) is IObjectCreationOperation) &&
            !index.IsReferred(local.Local) && !index.HandedOn(local.Local).Any(static a => a.Parameter?.RefKind == RefKind.Ref),
        _ => false,
    };

    /// <summary>What an expression gives as it is: not through conversions that make another object.</summary>
    public static IOperation? UnwrapPlain(IOperation? operation)
    {
        while (operation is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation)
            operation = operation is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)operation).Operand;
        return operation;
    }

    // Read only when the method turns out to use them.
    private Lazy<IReadOnlyDictionary<int, SqlTexts>> Arguments(IReadOnlyList<IArgumentOperation> arguments)
    {
        if (!arguments.Any(static a => a.Parameter is { } p && MayBeSql(p.Type)))
            return NoArguments;
        var (source, implementations) = (_source, _implementations);
        return new(() =>
        {
            var reader = new SqlTextReader(source, implementations, CancellationToken.None);
            var texts = new Dictionary<int, SqlTexts>();
            foreach (var argument in arguments)
            {
                if (argument.Parameter is { } parameter && MayBeSql(parameter.Type))
                    texts[parameter.Ordinal] = reader.ReadTexts(argument.Value, parameter.Type);
            }

            return texts;
        });
    }

    // What a setter is given, as command.CommandText = sql is by one that hands it on.
    private Lazy<IReadOnlyDictionary<int, SqlTexts>> Assigned(IMethodSymbol setter, IOperation value)
    {
        var parameter = setter.Parameters[setter.Parameters.Length - 1];
        if (!MayBeSql(parameter.Type))
            return NoArguments;
        var (source, implementations) = (_source, _implementations);
        return new(() => new Dictionary<int, SqlTexts> { [parameter.Ordinal] = new SqlTextReader(source, implementations, CancellationToken.None).ReadTexts(value, parameter.Type) });
    }

    public static bool MayBeSql(ITypeSymbol? type) =>
        type is { SpecialType: SpecialType.System_String } or { Name: "FormattableString" } || AreTexts(type) || SqlTextReader.IsTextBuilder(type);

    /// <summary>Whether values of the type are collections of strings.</summary>
    public static bool AreTexts(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType.SpecialType == SpecialType.System_String,
        INamedTypeSymbol { TypeArguments: [{ SpecialType: SpecialType.System_String }] } collection =>
            collection.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T ||
            collection.AllInterfaces.Any(static i => i.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T),
        _ => false,
    };

    // Of an interface or an abstract class that is declared in source, or has a class in source below it.
    private bool IsDispatched(IMethodSymbol method)
    {
        var definition = method.OriginalDefinition;
        return definition.IsAbstract && (!definition.ContainingType.DeclaringSyntaxReferences.IsEmpty || _implementations.OfCall(method).Any());
    }

    // The same of what isn't called by name, where one of those has a body: most properties have none.
    private bool IsDispatchedAccessor(IMethodSymbol method) =>
        method.IsAbstract && IsDeclaredHere(method.ContainingType) && _implementations.HasBody(method, _cancellationToken);

    private bool HoldsConnection(IOperation arguments) => Unwrap(arguments) switch
    {
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues.Any(v => IsConnection(v)),
        { Kind: SqlTextReader.CollectionExpression } collection => collection.ChildOperations.Any(v => IsConnection(v)),
        // What else is handed over isn't known.
        ILocalReferenceOperation local => _source.Index(local).Assignments(local.Local).Any(a => a.Value != arguments && HoldsConnection(a.Value)),
        _ => false,
    };

    private bool IsConnection(IArgumentOperation argument) => IsConnection(argument.Value);

    // A context's own SaveChanges saves, whatever else it does.
    private static bool IsOverrideOfSave(IMethodSymbol method)
    {
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (overridden.DeclaringSyntaxReferences.IsEmpty && DataAccessApis.EffectOf(overridden) == ApiEffect.Writes)
                return true;
        }

        return false;
    }

    /// <summary>The value itself, without what converts or awaits it.</summary>
    public static IOperation? Unwrap(IOperation? operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case IAwaitOperation await:
                    operation = await.Operation;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                default:
                    return operation;
            }
        }
    }

    // new NpgsqlCommand { CommandText = … } in a variable.
    private static ISymbol? Initialized(IOperation member)
    {
        for (var at = member.Parent; at is not null; at = at.Parent)
        {
            if (at is IObjectCreationOperation)
                return BodyIndex.Holder(at);
        }

        return null;
    }

    private static bool IsConstant(IOperation value, string type, int number) =>
        Unwrap(value) is { Type.Name: var name } constant && name == type && constant.ConstantValue is { HasValue: true, Value: int known } && known == number;

    private static bool IsExpressionTree(ITypeSymbol? type) => type is { Name: "Expression", ContainingNamespace: { Name: "Expressions", ContainingNamespace.Name: "Linq" } };
}
