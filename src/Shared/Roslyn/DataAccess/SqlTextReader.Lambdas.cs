using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>What the parameter of a lambda is given by those that run it.</content>
internal sealed partial class SqlTextReader
{
    /// <summary>How far a delegate is followed into the methods that it is handed to.</summary>
    private const int MaxHandOns = 4;

    private SqlTexts? GivenToLambda(IParameterReferenceOperation reference)
    {
        IOperation? at = reference;
        while (at is not null && !(at is IAnonymousFunctionOperation function && SymbolEqualityComparer.Default.Equals(function.Symbol, reference.Parameter.ContainingSymbol)))
            at = at.Parent;
        return at is null ? null : Guarded(reference.Parameter, reference, () => GivenTo(at, reference.Parameter.Ordinal) ?? SqlTexts.None);
    }

    // Called where it stands, held by a variable, or handed to a method.
    private SqlTexts? GivenTo(IOperation function, int ordinal)
    {
        var user = function;
        while (user.Parent is IConversionOperation or IDelegateCreationOperation or IParenthesizedOperation)
            user = user.Parent;
        switch (user.Parent)
        {
            case IInvocationOperation call when call.Instance == user && ordinal < call.Arguments.Length:
                return Read(call.Arguments[ordinal].Value);
            case IArgumentOperation argument:
                return GivenBy(argument, ordinal, MaxHandOns);
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                return GivenTo(local, function, ordinal, MaxHandOns);
            default:
                return null;
        }
    }

    private SqlTexts? GivenTo(ISymbol holder, IOperation reference, int ordinal, int depth)
    {
        var index = _source.Index(reference);
        SqlTexts? texts = null;
        foreach (var call in index.Calls(holder))
        {
            if (call.TargetMethod.MethodKind == MethodKind.DelegateInvoke && SymbolEqualityComparer.Default.Equals(BodyIndex.Named(call.Instance), holder) && ordinal < call.Arguments.Length)
                texts = (texts ?? SqlTexts.None).Or(Read(call.Arguments[ordinal].Value));
        }

        foreach (var argument in index.HandedOn(holder))
        {
            if (GivenBy(argument, ordinal, depth - 1) is { } given)
                texts = (texts ?? SqlTexts.None).Or(given);
        }

        return texts;
    }

    // What the method that is handed the delegate calls it with.
    private SqlTexts? GivenBy(IArgumentOperation argument, int ordinal, int depth)
    {
        if (depth == 0 || argument is not { Parameter: { } parameter, Parent: IInvocationOperation { TargetMethod.OriginalDefinition: { } method } call })
            return null;
        SqlTexts? texts = null;
        var isAtHand = false;
        foreach (var implementation in method.IsAbstract ? _implementations.Of(method) : [method])
        {
            if (_source.Body(implementation, _cancellationToken) is not { } body)
                continue;
            isAtHand = true;
            var own = (implementation.PartialImplementationPart ?? implementation).Parameters[parameter.Ordinal];
            if (GivenTo(own, body, ordinal, depth) is { } given)
                texts = (texts ?? SqlTexts.None).Or(InCall(call, implementation, given));
        }

        return isAtHand ? texts : GivenByLibrary(argument, call, ordinal);
    }

    // statements.ForEach(sql => …) gives the elements, Execute(sql, (c, state) => …) the value of the type that is left open.
    private SqlTexts? GivenByLibrary(IArgumentOperation argument, IInvocationOperation call, int ordinal)
    {
        if (call.TargetMethod.OriginalDefinition.Parameters[argument.Parameter!.Ordinal].Type is not INamedTypeSymbol { DelegateInvokeMethod: { } invoke } || ordinal >= invoke.Parameters.Length)
            return null;
        var wanted = invoke.Parameters[ordinal].Type;
        foreach (var given in call.Arguments)
        {
            if (given != argument && given.Parameter is { } parameter && SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition.Parameters[parameter.Ordinal].Type, wanted))
                return Read(given.Value);
        }

        var source = call.Instance ?? call.Arguments.FirstOrDefault(a => a != argument)?.Value;
        return wanted is ITypeParameterSymbol && source is not null && BodyReader.AreTexts(source.Type) ? ReadElements(source) : null;
    }
}
