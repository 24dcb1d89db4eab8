using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Which methods are followed, and which command runs which text.</content>
internal sealed partial class BodyReader
{
    private static readonly Lazy<IReadOnlyDictionary<int, SqlTexts>> NoArguments = new(static () => new Dictionary<int, SqlTexts>());

    // Its body is at hand, or the assembly that has it says what it writes.
    private bool IsFollowed(IMethodSymbol method) =>
        SourceModel.HasBody(method.OriginalDefinition, _cancellationToken) || _published.Write(method) is not null;

    private void AddCall(IMethodSymbol method, SyntaxNode syntax, IOperation? instance, bool isVirtual, IInvocationOperation? call)
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
        _calls.Add(new CallSite(
            SymbolEqualityComparer.Default.Equals(target, method.OriginalDefinition) && method.ContainingType?.TypeKind == TypeKind.Interface ? method : target,
            syntax,
            isOnThis ? null : ReceiverType(instance),
            isOnThis,
            isVirtual && !method.IsStatic && instance?.Syntax is not BaseExpressionSyntax,
            call is null ? NoArguments : Arguments(call.Arguments))
        {
            IsReturned = call is not null && BodyIndex.IsReturned(call) && DataAccessApis.IsCommand(call.Type),
        });
    }

    // A mediator finds the handlers at run time: each of them runs.
    private void TakeMessages(INamedTypeSymbol? dispatcher, string method, SyntaxNode call, IEnumerable<ITypeSymbol?> arguments)
    {
        if (!MessageHandlers.IsDispatch(method))
            return;
        foreach (var argument in arguments)
        {
            foreach (var (handling, handler) in _implementations.Handlers.Of(dispatcher, method, argument))
                _calls.Add(new CallSite(handling, call, handler, false, false, NoArguments) { IsChosen = true });
        }
    }

    // A variable of an interface's type that is given one new object is of that object's type.
    private INamedTypeSymbol? ReceiverType(IOperation? instance)
    {
        if (instance is ILocalReferenceOperation local && _source.Index(local).Assignments(local.Local) is [{ Value: IConversionOperation { Operand: IObjectCreationOperation { Type: INamedTypeSymbol created } } }])
            return created;
        return instance?.Type as INamedTypeSymbol;
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

    public static bool MayBeSql(ITypeSymbol? type) =>
        type is { SpecialType: SpecialType.System_String } or { Name: "FormattableString" } || AreTexts(type);

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

    /// <returns>Null where the text is known; otherwise whether the command is a parameter.</returns>
    private bool? IsUnknownCommand(IOperation receiver)
    {
        for (var at = Unwrap(receiver); at is not null; at = Unwrap(at is IInvocationOperation call ? call.Instance ?? call.Arguments.FirstOrDefault()?.Value : null))
        {
            if (at is IInvocationOperation or IObjectCreationOperation && HasSql(at))
                return null;
            if (BodyIndex.Named(at) is not { } command)
                continue;
            if (_withText.Contains(command) || _handedOn.Contains(command))
                return null;
            if (command is IParameterSymbol parameter)
                return parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } ? null : true;
            if (command is not ILocalSymbol)
                return _sql.Count + _commandTexts.Count > 0 ? null : false;
            foreach (var assignment in _source.Index(at).Assignments(command))
            {
                if (Unwrap(assignment.Value) is { } value && HasSql(value))
                    return null;
            }

            return IsBatch(at.Type) && _sql.Count + _commandTexts.Count > 0 ? null : false;
        }

        return _sql.Count + _commandTexts.Count > 0 ? null : false;
    }

    // A factory's command, whose caller runs it.
    private bool IsOnlyReturned(ISymbol command) => _returned.Contains(command) && !_run.Contains(command) && command is ILocalSymbol { Type: var type } && DataAccessApis.IsCommand(type);

    private static bool IsBatch(ITypeSymbol? type) => type is { Name: var name } && name.EndsWith("Batch", StringComparison.Ordinal);

    // Made with its text, or by a method of the source, which is read by itself.
    private bool HasSql(IOperation value) => value switch
    {
        IObjectCreationOperation { Constructor: { } constructor } => constructor.Parameters.Any(static p => DataAccessApis.TakesSql(p, hasBody: false)),
        IInvocationOperation call => call.TargetMethod.Parameters.Any(static p => DataAccessApis.TakesSql(p, hasBody: false)) ||
            (call.Arguments.Length > 0 && (SourceModel.HasBody(call.TargetMethod.OriginalDefinition, _cancellationToken) || IsDispatched(call.TargetMethod))),
        IConditionalOperation { WhenFalse: { } other } choice => HasSql(choice.WhenTrue) && HasSql(other),
        _ => false,
    };

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
        Unwrap(value) is { Type.Name: var name, ConstantValue: { HasValue: true, Value: int constant } } && name == type && constant == number;

    private static bool IsExpressionTree(ITypeSymbol? type) => type is { Name: "Expression", ContainingNamespace: { Name: "Expressions", ContainingNamespace.Name: "Linq" } };
}
