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
            call is null ? NoArguments : Arguments(call.Arguments)));
    }

    // The generator sees no overload that it makes itself: a call of one has only the methods of that name to go by.
    private void TakeUnbound(InvocationExpressionSyntax call)
    {
        var cores = _source.Model(call.SyntaxTree)?.GetSymbolInfo(call, _cancellationToken).CandidateSymbols.OfType<IMethodSymbol>()
            .Where(m => RoutingAttributes.IsOverloadForm(m, _known) && m.Parameters.Length > call.ArgumentList.Arguments.Count)
            .ToArray();
        if (cores is { Length: > 0 } && cores.All(m => RoutingAttributes.Find(m, _known).Write is not null))
            _apis.Add(new ApiSite(ApiEffect.RoutedWrite, call, cores[0].Name));
        else if (DataAccessApis.EffectOfUnbound(Name(call.Expression)) is not ApiEffect.None and var named)
            _apis.Add(new ApiSite(named, call, Name(call.Expression)));
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
                    texts[parameter.Ordinal] = parameter.Type is IArrayTypeSymbol ? reader.ReadElements(argument.Value) : reader.Read(argument.Value);
            }

            return texts;
        });
    }

    public static bool MayBeSql(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_String } => true,
        { Name: "FormattableString" } => true,
        IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_String } => true,
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

    private static IOperation? Unwrap(IOperation? operation)
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

    /// <summary>The variable that a created command is put into.</summary>
    private static ISymbol? Serves(IOperation creation)
    {
        var at = creation.Parent;
        while (at is IConversionOperation or IAwaitOperation or IParenthesizedOperation)
            at = at.Parent;
        return at switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            ISimpleAssignmentOperation assignment => BodyIndex.Named(assignment.Target),
            _ => null,
        };
    }

    // new NpgsqlCommand { CommandText = … } in a variable.
    private static ISymbol? Initialized(IOperation member)
    {
        for (var at = member.Parent; at is not null; at = at.Parent)
        {
            if (at is IObjectCreationOperation)
                return Serves(at);
        }

        return null;
    }

    private static bool IsConstant(IOperation value, string type, int number) =>
        Unwrap(value) is { Type.Name: var name, ConstantValue: { HasValue: true, Value: int constant } } && name == type && constant == number;

    private static bool IsExpressionTree(ITypeSymbol? type) => type is { Name: "Expression", ContainingNamespace: { Name: "Expressions", ContainingNamespace.Name: "Linq" } };
}
