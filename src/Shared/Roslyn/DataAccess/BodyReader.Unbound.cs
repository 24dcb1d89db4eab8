using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>
/// What the compiler couldn't bind, as while a package is missing, a generator hasn't run or the line is being typed: the
/// methods that may be meant are taken for called, and without one the name tells what it can.
/// </content>
internal sealed partial class BodyReader
{
    private void TakeUnbound(InvocationExpressionSyntax call)
    {
        if (_source.Model(call.SyntaxTree) is not { } model)
            return;
        var named = model.GetSymbolInfo(call, _cancellationToken).CandidateSymbols.OfType<IMethodSymbol>().ToArray();
        // The generator sees no overload that it makes itself: a call of one has only the methods of that name to go by.
        var cores = named.Where(m => RoutingAttributes.IsOverloadForm(m, _known) && m.Parameters.Length > call.ArgumentList.Arguments.Count).ToArray();
        var name = Name(call.Expression);
        if (cores.Length > 0 && cores.All(m => RoutingAttributes.Find(m, _known).Write is not null))
        {
            _apis.Add(new ApiSite(ApiEffect.RoutedWrite, call, cores[0].Name));
            return;
        }

        var receiver = Receiver(call);
        var receiverType = receiver is null ? null : model.GetTypeInfo(receiver, _cancellationToken).Type as INamedTypeSymbol;
        if (DataAccessApis.EffectOfUnbound(name) is not ApiEffect.None and var effect)
        {
            _apis.Add(new ApiSite(effect, call, name));
            return;
        }

        TakeMessages(receiverType, name, call, call.ArgumentList.Arguments.Select(a => model.GetTypeInfo(a.Expression, _cancellationToken).Type));
        var candidates = named.Except(cores, (IEqualityComparer<IMethodSymbol>)SymbolEqualityComparer.Default).Where(m => MayTake(m, call.ArgumentList)).ToArray();
        foreach (var candidate in candidates)
            TakeCandidate(candidate, call, receiver, model);
        if (candidates.Length > 0)
            return;

        if (DataAccessApis.IsMissingWrite(receiverType, name))
        {
            _apis.Add(new ApiSite(ApiEffect.Writes, call, name));
            return;
        }

        var ofConnection = receiverType is not null && (DataAccessApis.IsConnectionLike(receiverType) || DataAccessApis.IsMissingConnection(receiverType));
        if (TakeUnboundText(call.ArgumentList, name, ofConnection || DataAccessApis.IsNamedForSql(name)))
            return;
        if (ofConnection)
            _apis.Add(new ApiSite(ChangeNames.HasChange(name) && name != "Set" ? ApiEffect.Writes : ApiEffect.Unknown, call, name));
        else if (call.ArgumentList.Arguments.Any(a => DataAccessApis.IsConnectionLike(model.GetTypeInfo(a.Expression, _cancellationToken).Type)))
            _apis.Add(new ApiSite(ApiEffect.Unknown, call, name));
    }

    private static ExpressionSyntax? Receiver(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Expression,
        MemberBindingExpressionSyntax => call.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
        _ => null,
    };

    private void TakeUnboundCreation(BaseObjectCreationExpressionSyntax creation)
    {
        if (creation is ObjectCreationExpressionSyntax { Type: var type, ArgumentList: { } arguments } && type.ToString().EndsWith("Command", StringComparison.Ordinal))
            TakeUnboundText(arguments, type.ToString(), isForSql: true);
    }

    // The first argument that is a string.
    private bool TakeUnboundText(ArgumentListSyntax arguments, string api, bool isForSql)
    {
        if (!isForSql)
            return false;
        foreach (var argument in arguments.Arguments)
        {
            if (_source.Operation(argument.Expression, _cancellationToken) is not { Type.SpecialType: SpecialType.System_String } text)
                continue;
            _sql.Add(new SqlSite(_texts.Read(text), text.Syntax, api, false, DataAccessApis.IsNonQuery(api)));
            return true;
        }

        return TakeNamedText(arguments, api);
    }

    // state.connection.Execute(state.sql, …): what a lambda of an unbound call is given has no type, but names.
    private bool TakeNamedText(ArgumentListSyntax arguments, string api)
    {
        foreach (var argument in arguments.Arguments)
        {
            if (argument.Expression is not MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax, Name.Identifier.ValueText: var name } || !DataAccessApis.IsNamedAsSql(name))
                continue;
            var text = Handed(argument, name) is { } handed ? _source.Operation(handed, _cancellationToken) : null;
            var texts = text is { Type.SpecialType: SpecialType.System_String } ? _texts.Read(text) : SqlTexts.Hole($"'{argument.Expression}'", argument.Expression);
            _sql.Add(new SqlSite(texts, text?.Syntax ?? argument.Expression, api, false, DataAccessApis.IsNonQuery(api)));
            return true;
        }

        return false;
    }

    // The element of that name in a tuple that a call around is given beside its lambda.
    private static ExpressionSyntax? Handed(SyntaxNode argument, string name) => argument.Ancestors().OfType<ArgumentSyntax>()
        .SelectMany(static lambda => ((lambda.Parent as ArgumentListSyntax)?.Arguments ?? default).Select(static a => a.Expression).OfType<TupleExpressionSyntax>())
        .SelectMany(static tuple => tuple.Arguments)
        .FirstOrDefault(element => (element.NameColon?.Name ?? element.Expression as IdentifierNameSyntax)?.Identifier.ValueText == name)?.Expression;

    private void TakeCandidate(IMethodSymbol candidate, InvocationExpressionSyntax call, ExpressionSyntax? receiver, SemanticModel model)
    {
        var method = candidate.ReducedFrom ?? candidate;
        var hasBody = IsFollowed(method);
        if (hasBody || IsDispatched(method))
        {
            var isOnThis = receiver is null or ThisExpressionSyntax or BaseExpressionSyntax;
            var type = isOnThis ? null : model.GetTypeInfo(receiver!, _cancellationToken).Type as INamedTypeSymbol;
            var isVirtual = (method.IsVirtual || method.IsAbstract || method.IsOverride) && receiver is not BaseExpressionSyntax;
            _calls.Add(new CallSite(method.OriginalDefinition, call, type, isOnThis, isVirtual, UnboundArguments(candidate, call.ArgumentList))
            {
                HandsConnection = call.ArgumentList.Arguments.Any(a => DataAccessApis.IsConnectionLike(model.GetTypeInfo(a.Expression, _cancellationToken).Type)),
            });
            return;
        }

        if (DataAccessApis.EffectOf(method) is not (ApiEffect.None or ApiEffect.RunsCommand) and var effect)
            _apis.Add(new ApiSite(effect, call, method.Name));
        foreach (var (parameter, argument) in Pairs(candidate, call.ArgumentList))
        {
            if (DataAccessApis.TakesSql(parameter, hasBody) && _source.Operation(argument, _cancellationToken) is { } text)
                _sql.Add(new SqlSite(_texts.Read(text), text.Syntax, method.Name, false, DataAccessApis.IsNonQuery(method.Name)));
        }
    }

    private Lazy<IReadOnlyDictionary<int, SqlTexts>> UnboundArguments(IMethodSymbol candidate, ArgumentListSyntax arguments)
    {
        var shift = candidate.ReducedFrom is null ? 0 : 1;
        var (source, implementations) = (_source, _implementations);
        return new(() =>
        {
            var reader = new SqlTextReader(source, implementations, CancellationToken.None);
            var texts = new Dictionary<int, SqlTexts>();
            foreach (var (parameter, argument) in Pairs(candidate, arguments))
            {
                if (MayBeSql(parameter.Type) && source.Operation(argument, CancellationToken.None) is { } value)
                    texts[parameter.Ordinal + shift] = reader.ReadTexts(value, parameter.Type);
            }

            return texts;
        });
    }

    private static bool MayTake(IMethodSymbol method, ArgumentListSyntax arguments)
    {
        var given = arguments.Arguments.Count;
        return (given <= method.Parameters.Length || method.Parameters.LastOrDefault()?.IsParams == true) &&
            given >= method.Parameters.Count(static p => !p.IsOptional && !p.IsParams);
    }

    private static IEnumerable<(IParameterSymbol Parameter, ExpressionSyntax Argument)> Pairs(IMethodSymbol method, ArgumentListSyntax arguments)
    {
        for (var i = 0; i < arguments.Arguments.Count; i++)
        {
            var argument = arguments.Arguments[i];
            var parameter = argument.NameColon is { Name.Identifier.ValueText: var name }
                ? method.Parameters.FirstOrDefault(p => p.Name == name)
                : method.Parameters.ElementAtOrDefault(i);
            if (parameter is not null)
                yield return (parameter, argument.Expression);
        }
    }
}
