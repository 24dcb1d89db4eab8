using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// Finds what one body does to a database. Lambdas in it count as run: they are written to be. Local functions count where
/// they are called, expression trees and event handlers not at all.
/// </summary>
internal sealed partial class BodyReader
{
    private const int StoredProcedure = 4;
    private const int Serializable = 0x100000;

    private readonly SourceModel _source;
    private readonly Implementations _implementations;
    private readonly KnownSymbols _known;
    private readonly PublishedEffects _published;
    private readonly CancellationToken _cancellationToken;
    private readonly SqlTextReader _texts;
    private readonly List<SqlSite> _sql = [];
    private readonly List<ApiSite> _apis = [];
    private readonly List<CallSite> _calls = [];
    private readonly HashSet<ISymbol> _withText = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _handedOn = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _routines = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _builders = new(SymbolEqualityComparer.Default);
    private readonly List<(IOperation Receiver, IInvocationOperation Call)> _commands = [];
    private readonly List<(SqlSite Site, ISymbol? Command)> _commandTexts = [];
    private readonly HashSet<ISymbol> _returned = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _run = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _constructed = new(SymbolEqualityComparer.Default);
    private bool _isConstruction;
    private bool _isInitializer;

    private BodyReader(SourceModel source, Implementations implementations, KnownSymbols known, PublishedEffects published, CancellationToken cancellationToken)
    {
        _source = source;
        _implementations = implementations;
        _known = known;
        _published = published;
        _cancellationToken = cancellationToken;
        _texts = new SqlTextReader(source, implementations, cancellationToken);
    }

    public static BodyFacts Read(IOperation body, SourceModel source, Implementations implementations, KnownSymbols known, PublishedEffects published, CancellationToken cancellationToken)
    {
        var reader = new BodyReader(source, implementations, known, published, cancellationToken);
        reader.VisitInside(body);
        return reader.Finish();
    }

    private void VisitInside(IOperation body)
    {
        foreach (var child in body.ChildOperations)
            Visit(child);
    }

    // A loop over a stack of its own: generated code nests deeper than a thread's stack.
    private void Visit(IOperation root)
    {
        var pending = new Stack<IOperation>();
        pending.Push(root);
        while (pending.Count > 0)
        {
            var operation = pending.Pop();
            if (!Take(operation))
                continue;
            foreach (var child in operation.ChildOperations.Reverse())
                pending.Push(child);
        }
    }

    /// <returns>Whether what stands inside counts too.</returns>
    private bool Take(IOperation operation)
    {
        var kind = operation.Kind;
        if (IsPlain(kind))
            return !IsNeverRun(operation);
        if (MayImply(kind))
            TakeImplied(operation);
        if (MayConstruct(kind))
            TakeStaticConstruction(operation);
        if (MayGuard(kind))
            TakeGuards(operation);
        if (IsNeverRun(operation))
            return false;
        if (RunsNothing(kind))
            return true;
        switch (operation)
        {
            case IEventAssignmentOperation:
            case IAnonymousFunctionOperation or IMethodReferenceOperation when _isConstruction && IsKept(operation):
                return false;
            case IConversionOperation conversion when conversion.Operand is IAnonymousFunctionOperation && IsExpressionTree(conversion.Type):
            case IDelegateCreationOperation creation when IsExpressionTree(creation.Type):
                return IsCompiled(operation);
            case IInvocationOperation call:
                if (EntityChanges.Adds(call))
                    _apis.Add(new ApiSite(ApiEffect.TracksChange, call.Syntax, call.TargetMethod.Name));
                TakeCall(call);
                return true;
            case IInvalidOperation { Syntax: InvocationExpressionSyntax unbound }:
                TakeUnbound(unbound);
                return true;
            case IInvalidOperation { Syntax: BaseObjectCreationExpressionSyntax unbound }:
                TakeUnboundCreation(unbound);
                return true;
            case ISimpleAssignmentOperation { Target: IInvalidOperation { Syntax: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CommandText" } } } assignment:
                _sql.Add(new SqlSite(_texts.Read(assignment.Value), assignment.Value.Syntax, "CommandText", false, false));
                return true;
            case ISimpleAssignmentOperation { Target: IDynamicMemberReferenceOperation { MemberName: "CommandText" } } assignment:
                _sql.Add(new SqlSite(_texts.Read(assignment.Value), assignment.Value.Syntax, "CommandText", false, false));
                return true;
            case IDynamicInvocationOperation call:
                TakeDynamic(call);
                return true;
            case IObjectCreationOperation { Constructor: { } constructor } creation:
                TakeCreation(creation, constructor);
                return true;
            case IMethodReferenceOperation reference:
                AddCall(reference.Method, reference.Syntax, reference.Instance, reference.IsVirtual, null);
                return true;
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } change when EntityChanges.Notes(property, change.Value):
                _apis.Add(new ApiSite(ApiEffect.TracksChange, change.Syntax, property.Property.Name));
                return true;
            case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } assignment:
                TakeAssignment(property, assignment.Value);
                return true;
            case ICoalesceAssignmentOperation { Target: IPropertyReferenceOperation property } coalesce when DataAccessApis.TakesSql(property.Property):
                TakeAssignment(property, coalesce.Value);
                return true;
            case ICompoundAssignmentOperation { Target: IPropertyReferenceOperation property } compound when DataAccessApis.TakesSql(property.Property):
                _commandTexts.Add((new SqlSite(_texts.Read(property).Then(_texts.Read(compound.Value)), compound.Value.Syntax, property.Property.Name, false, false), BodyIndex.Named(property.Instance)));
                return true;
            case IPropertyReferenceOperation property when property.Parent is not ISimpleAssignmentOperation assignment || assignment.Target != property:
                if (property.Property.GetMethod is { } getter && (IsFollowed(getter) || IsDispatchedAccessor(getter)))
                    AddCall(getter, property.Syntax, property.Instance, property.Property.IsVirtual || property.Property.IsAbstract || property.Property.IsOverride, null);
                else
                    TakeDelegates(property.Property, operation);
                return true;
            case IFieldReferenceOperation field when IsRead(field):
                TakeDelegates(field.Field, operation);
                return true;
            case IEventReferenceOperation { Event: var raised }:
                TakeHandlers(raised, operation);
                return true;
            case IReturnOperation { ReturnedValue: { } value } when BodyIndex.Named(value) is { } returned:
                _returned.Add(returned);
                return true;
            case IUsingOperation { Resources: { } resources } use:
                TakeDisposal(resources, use.IsAsynchronous);
                return true;
            case IUsingDeclarationOperation declaration:
                TakeDisposal(declaration.DeclarationGroup, declaration.IsAsynchronous);
                return true;
            default:
                return true;
        }
    }

    // if (false) …
    private static bool IsNeverRun(IOperation operation) => operation.Kind switch
    {
        OperationKind.LocalFunction or OperationKind.NameOf or OperationKind.TypeOf => true,
        _ => operation.Parent is { Kind: OperationKind.Conditional } parent && parent is IConditionalOperation { Condition.ConstantValue: { HasValue: true, Value: bool known } } choice &&
            operation == (known ? choice.WhenFalse : choice.WhenTrue),
    };

    // Most of what a body is made of runs nothing by itself: asked once, before all the rest.
    private static bool IsPlain(OperationKind kind) => kind is
        OperationKind.Block or OperationKind.ExpressionStatement or OperationKind.VariableDeclarationGroup or OperationKind.VariableDeclaration or
        OperationKind.VariableDeclarator or OperationKind.VariableInitializer or OperationKind.Argument or OperationKind.Literal or OperationKind.DefaultValue or
        OperationKind.LocalReference or OperationKind.ParameterReference or OperationKind.InstanceReference or OperationKind.Parenthesized or
        OperationKind.InterpolatedString or OperationKind.InterpolatedStringText or OperationKind.ObjectOrCollectionInitializer;

    // What remains and is no more than what is implied in it, or than what stands inside.
    private static bool RunsNothing(OperationKind kind) => kind is
        OperationKind.Await or OperationKind.Interpolation or OperationKind.Binary or OperationKind.Unary or OperationKind.Conditional or OperationKind.Coalesce or
        OperationKind.Loop or OperationKind.AnonymousObjectCreation or OperationKind.ArrayCreation or OperationKind.ArrayInitializer or OperationKind.ConditionalAccess or
        OperationKind.ConditionalAccessInstance or OperationKind.IsPattern or OperationKind.Throw or OperationKind.Try or OperationKind.CatchClause or OperationKind.Tuple;

    private BodyFacts Finish()
    {
        var nonQueries = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var makers = new HashSet<SyntaxNode>();
        foreach (var (receiver, call) in _commands)
        {
            if (IsUnknownCommand(receiver) is { } isOfParameter)
                _apis.Add(new ApiSite(ApiEffect.RunsCommand, call.Syntax, call.TargetMethod.Name, isOfParameter));
            if (BodyIndex.Named(receiver) is not { } command)
            {
                makers.Add((Unwrap(receiver) ?? receiver).Syntax);
                continue;
            }

            // Of a parameter or a field too, when its text is given here.
            nonQueries.Add(command);
            if (command is not ILocalSymbol)
                continue;
            foreach (var assignment in _source.Index(receiver).Assignments(command))
                makers.Add((Unwrap(assignment.Value) ?? assignment.Value).Syntax);
        }

        foreach (var (site, command) in _commandTexts)
        {
            if (command is ILocalSymbol { Type: var type } local && DataAccessApis.IsCommand(type) && !IsDeclaredHere(type) && OverwrittenText.Is(site.Syntax, local))
                continue;
            _sql.Add(command is null ? site : site with
            {
                IsRoutine = site.IsRoutine || _routines.Contains(command),
                IsNonQuery = site.IsNonQuery || nonQueries.Contains(command),
                IsReturned = IsOnlyReturned(command),
            });
        }

        for (var i = 0; i < _calls.Count && makers.Count > 0; i++)
        {
            if (makers.Contains(_calls[i].Syntax))
                _calls[i] = _calls[i] with { IsNonQuery = true };
        }

        AddGuards();
        return _sql.Count == 0 && _apis.Count == 0 && _calls.Count == 0 ? BodyFacts.Nothing : new BodyFacts(_sql, _apis, _calls);
    }

    private void TakeCall(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var (_, write) = RoutingAttributes.FindForCall(method, _known);
        if (write is not null)
        {
            _apis.Add(new ApiSite(ApiEffect.RoutedWrite, call.Syntax, method.Name));
            return;
        }

        if (method.Name.StartsWith("Execute", StringComparison.Ordinal) && BodyIndex.Named(call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is { } run)
            _run.Add(run);
        var hasBody = IsFollowed(method);
        TakeArguments(call.Arguments, call.Syntax, method, hasBody, BodyIndex.Holder(call));
        if (IsOverrideOfSave(method))
        {
            _apis.Add(new ApiSite(ApiEffect.Writes, call.Syntax, method.Name));
            return;
        }

        TakeMessages((call.Instance?.Type ?? method.ContainingType) as INamedTypeSymbol, method.Name, call.Syntax, call.Arguments.Select(static a => Unwrap(a.Value)?.Type));
        if (hasBody || IsDispatched(method))
        {
            AddCall(method, call.Syntax, call.Instance, call.IsVirtual, call);
            return;
        }

        // : base(…) of a type whose constructor has no body.
        if (method.MethodKind == MethodKind.Constructor)
            TakeConstruction(method, call.Syntax, null, Arguments(call.Arguments), Constants(call.Arguments));
        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            TakeInvoke(call);
            return;
        }

        switch (DataAccessApis.EffectOf(method.ReducedFrom ?? method))
        {
            case ApiEffect.RunsCommand when call.Instance is { } command:
                _commands.Add((command, call));
                break;
            case ApiEffect.None:
                break;
            case var effect:
                _apis.Add(new ApiSite(effect, call.Syntax, method.Name));
                break;
        }
    }

    private static string Name(ExpressionSyntax called) => called switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => "",
    };

    private void TakeCreation(IObjectCreationOperation creation, IMethodSymbol constructor)
    {
        var hasBody = IsFollowed(constructor);
        TakeArguments(creation.Arguments, creation.Syntax, constructor, hasBody, BodyIndex.Holder(creation));
        TakeConstruction(constructor, creation.Syntax, null, Arguments(creation.Arguments), Constants(creation.Arguments));
    }

    private void TakeArguments(ImmutableArray<IArgumentOperation> arguments, SyntaxNode call, IMethodSymbol method, bool hasBody, ISymbol? command)
    {
        if (arguments.IsEmpty)
            return;
        var isRoutine = arguments.Any(static a => IsConstant(a.Value, "CommandType", StoredProcedure));
        foreach (var argument in arguments)
        {
            if (argument.Parameter is not { } parameter)
                continue;
            if (IsConstant(argument.Value, "IsolationLevel", Serializable) && method.Name.StartsWith("BeginTransaction", StringComparison.Ordinal))
                _apis.Add(new ApiSite(ApiEffect.NeedsPrimary, argument.Syntax, "IsolationLevel.Serializable"));
            if (hasBody && BodyIndex.Named(argument.Value) is { } named && !TakeRun(argument, method))
                _handedOn.Add(named);
            // What an initializer puts into an object isn't run there.
            if (argument.ArgumentKind == ArgumentKind.DefaultValue || (_isInitializer && method.MethodKind == MethodKind.Constructor) || !DataAccessApis.TakesSql(parameter, hasBody))
            {
                TakeHandedDelegate(argument, method, call);
                if (!hasBody && argument.Value is IConversionOperation)
                    TakeEnumeration(argument.Value);
                if (!hasBody && MayEscape(method, parameter) && (IsConnection(argument) || (DataAccessApis.RunsAnyMethod(method) && HoldsConnection(argument.Value))) && !IsDispatched(method))
                    _apis.Add(new ApiSite(ApiEffect.Unknown, call, method.Name));
                continue;
            }

            if (command is not null)
                _withText.Add(command);
            var isReturned = BodyIndex.IsReturned(argument.Parent) && DataAccessApis.IsCommand(argument.Parent?.Type);
            foreach (var (texts, syntax) in TextsOf(argument, method, parameter))
            {
                var site = new SqlSite(texts, syntax, method.MethodKind == MethodKind.Constructor ? method.ContainingType.Name : method.Name, isRoutine, DataAccessApis.IsNonQuery(method.Name), isReturned);
                if (command is null)
                    _sql.Add(site);
                else
                    _commandTexts.Add((site, command));
            }
        }

        TakeBuilder(arguments, method);
    }

    private IEnumerable<(SqlTexts, SyntaxNode)> TextsOf(IArgumentOperation argument, IMethodSymbol method, IParameterSymbol parameter)
    {
        if (parameter.Type is IArrayTypeSymbol)
        {
            if (argument.Value is IArrayCreationOperation { Initializer: { } initializer })
            {
                foreach (var element in initializer.ElementValues)
                    yield return (_texts.Read(element), element.Syntax);
            }
            else
            {
                yield return (_texts.ReadElements(argument.Value), argument.Value.Syntax);
            }

            yield break;
        }

        if (DataAccessApis.HasInterpolatedValues(parameter))
            yield return (_texts.ReadFormattable(argument.Value), argument.Value.Syntax);
        else if (DataAccessApis.HasNumberedValues(method))
            yield return (SqlTextReader.WithValues(_texts.Read(argument.Value), argument.Value.Syntax), argument.Value.Syntax);
        else
            yield return (_texts.Read(argument.Value), argument.Value.Syntax);
    }

    // A method without a body here that gets the connection: what it runs on it isn't known.
    private static bool MayEscape(IMethodSymbol method, IParameterSymbol parameter)
    {
        if (DataAccessApis.RunsAnyMethod(method))
            return true;
        // One of the source without a body only keeps it, as a record's does.
        if (method.ContainingType is not { } type || (method.MethodKind == MethodKind.Constructor && !type.DeclaringSyntaxReferences.IsEmpty) || parameter.IsThis || DataAccessApis.IsKnown(type))
            return false;
        return !(method.IsExtensionMethod && parameter.Ordinal == 0 && method.Parameters.Any(static p => DataAccessApis.TakesSql(p, hasBody: false)));
    }

    // Commands that are built piece by piece: all that is appended to one of them is one text.
    private void TakeBuilder(ImmutableArray<IArgumentOperation> arguments, IMethodSymbol method)
    {
        if (!method.Name.StartsWith("Append", StringComparison.Ordinal) || method.ContainingType is not { Name: not "StringBuilder" } type)
            return;
        var call = arguments.FirstOrDefault()?.Parent as IInvocationOperation;
        var receiver = call?.Instance ?? (method.IsExtensionMethod ? arguments[0].Value : null);
        if (receiver is null || !SqlTextReader.IsBuilder(type) && !SqlTextReader.IsBuilder(receiver.Type) || BodyIndex.Named(receiver) is not { } builder || !_builders.Add(builder))
            return;
        _sql.Add(new SqlSite(_texts.ReadBuilder(receiver), call!.Syntax, method.Name, false, false));
    }

    private void TakeAssignment(IPropertyReferenceOperation property, IOperation value)
    {
        var command = BodyIndex.Named(property.Instance) ?? (property.Instance is IInstanceReferenceOperation ? Initialized(property) : null);
        if (DataAccessApis.TakesSql(property.Property) && !SourceModel.HasBody(property.Property.SetMethod ?? property.Property.GetMethod!, _cancellationToken))
        {
            if (command is not null)
                _withText.Add(command);
            _commandTexts.Add((new SqlSite(_texts.Read(value), value.Syntax, property.Property.Name, false, false), command));
        }
        else if (IsConstant(value, "CommandType", StoredProcedure) && command is not null)
        {
            _routines.Add(command);
        }
        else if (IsConstant(value, "IsolationLevel", Serializable) && property.Property.ContainingType.Name != "TransactionOptions")
        {
            _apis.Add(new ApiSite(ApiEffect.NeedsPrimary, value.Syntax, "IsolationLevel.Serializable"));
        }
        else if (property.Property.SetMethod is { } setter && (IsFollowed(setter) || IsDispatchedAccessor(setter)))
        {
            AddCall(setter, property.Syntax, property.Instance, property.Property.IsVirtual || property.Property.IsAbstract || property.Property.IsOverride, null, Assigned(setter, value));
        }
    }
}
