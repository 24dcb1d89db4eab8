using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Calls on or with a <c>dynamic</c>: which method runs is known at run time only.</content>
internal sealed partial class BodyReader
{
    private void TakeDynamic(IDynamicInvocationOperation call)
    {
        var member = call.Operation as IDynamicMemberReferenceOperation;
        var name = member?.MemberName ?? "";
        if (member is not null && TakeOverloads(name, member.Instance, member.ContainingType, call))
            return;
        var ofConnection = IsConnection(member?.Instance) || call.Arguments.Any(IsConnection);
        if (DataAccessApis.EffectOfUnbound(name) is not ApiEffect.None and var effect)
            _apis.Add(new ApiSite(effect, call.Syntax, name));
        else if ((ofConnection || DataAccessApis.IsNamedForSql(name)) && call.Arguments.FirstOrDefault(static a => Unwrap(a)?.Type?.SpecialType == SpecialType.System_String) is { } text)
            _sql.Add(new SqlSite(_texts.Read(text), text.Syntax, name, false, DataAccessApis.IsNonQuery(name)));
        else if (ofConnection)
            _apis.Add(new ApiSite(ApiEffect.Unknown, call.Syntax, name.Length > 0 ? name : "dynamic"));
    }

    // Each of the type may run.
    private bool TakeOverloads(string name, IOperation? instance, ITypeSymbol? container, IDynamicInvocationOperation call)
    {
        var isOnThis = instance is IInstanceReferenceOperation || (instance is null && container is null);
        var type = isOnThis
            ? _source.Model(call.Syntax.SyntaxTree)?.GetEnclosingSymbol(call.Syntax.SpanStart, _cancellationToken)?.ContainingType
            : instance is null ? container : KnownType(instance);
        if (type is not INamedTypeSymbol named)
            return false;
        var isFound = false;
        foreach (var overload in named.GetMembers(name).OfType<IMethodSymbol>().Where(m => m.Parameters.Length == call.Arguments.Length && (IsFollowed(m) || IsDispatched(m))))
        {
            isFound = true;
            _calls.Add(new CallSite(overload.OriginalDefinition, call.Syntax, isOnThis ? null : named, isOnThis, overload.IsVirtual || overload.IsAbstract || overload.IsOverride, NoArguments)
            {
                HandsConnection = call.Arguments.Any(IsConnection),
            });
        }

        return isFound;
    }

    // Of a dynamic the type of what was put into it, where that is one.
    private ITypeSymbol? KnownType(IOperation instance)
    {
        if (instance.Type is not IDynamicTypeSymbol)
            return instance.Type;
        if (Unwrap(instance) is { Type: not IDynamicTypeSymbol } converted)
            return converted.Type;
        return Unwrap(instance) is ILocalReferenceOperation local
            && _source.Index(local).Assignments(local.Local).Select(static a => Unwrap(a.Value)?.Type).Distinct<ITypeSymbol?>(SymbolEqualityComparer.Default).ToArray() is [var only] ? only : null;
    }

    private bool IsConnection(IOperation? value)
    {
        var at = Unwrap(value);
        return DataAccessApis.IsConnectionLike(value?.Type) || DataAccessApis.IsConnectionLike(at?.Type) ||
            (at is ILocalReferenceOperation local && _source.Index(local).Assignments(local.Local).Any(static a => DataAccessApis.IsConnectionLike(Unwrap(a.Value)?.Type)));
    }
}
