using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Which command runs which text.</content>
internal sealed partial class BodyReader
{
    /// <summary>How far a command is followed into the methods that it is handed to.</summary>
    private const int MaxHandOns = 3;

    // command.ExecuteNonQueryEx(…): a method of the source that runs the command as it is given is that command's run.
    private bool TakeRun(IArgumentOperation argument, IMethodSymbol method)
    {
        if (argument is not { Parameter: { } parameter, Parent: IInvocationOperation call } || !DataAccessApis.IsCommand(argument.Value.Type) ||
            !RunsForNoRows(method, parameter, MaxHandOns))
        {
            return false;
        }

        _commands.Add((argument.Value, call));
        return true;
    }

    private bool RunsForNoRows(IMethodSymbol method, IParameterSymbol given, int depth)
    {
        if (depth == 0 || _source.Body(method.OriginalDefinition, _cancellationToken) is not { } body)
            return false;
        var own = (method.OriginalDefinition.PartialImplementationPart ?? method.OriginalDefinition).Parameters[given.Ordinal];
        var runs = false;
        foreach (var operation in body.Descendants())
        {
            switch (operation)
            {
                case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "CommandText", Instance: { } command } } when IsOwn(command):
                    return false;
                case IInvocationOperation { Instance: { } command } call when IsOwn(command):
                    runs |= DataAccessApis.EffectOf(call.TargetMethod) == ApiEffect.RunsCommand;
                    break;
                case IArgumentOperation { Parameter: { } parameter, Parent: IInvocationOperation call } argument when IsOwn(argument.Value):
                    runs |= RunsForNoRows(call.TargetMethod, parameter, depth - 1);
                    break;
            }
        }

        return runs;

        bool IsOwn(IOperation operation) => SymbolEqualityComparer.Default.Equals(BodyIndex.Named(operation), own);
    }

    /// <returns>Null where the text is known; otherwise whether the command is a parameter.</returns>
    private bool? IsUnknownCommand(IOperation receiver)
    {
        for (var at = Unwrap(receiver); at is not null; at = Unwrap(at is IInvocationOperation call ? call.Instance ?? call.Arguments.FirstOrDefault()?.Value : null))
        {
            if (Awaited(at) is null && at is IInvocationOperation or IObjectCreationOperation && HasSql(at))
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

    // What a call like ConfigureAwait is given: it hands on the task of a command.
    private static IOperation? Awaited(IOperation value) =>
        value is IInvocationOperation call && (call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is { Type: INamedTypeSymbol { TypeArguments: [var result] } } task && DataAccessApis.IsCommand(result)
            ? Unwrap(task)
            : null;

    // Made with its text, or by a method of the source, which is read by itself.
    private bool HasSql(IOperation value) => value switch
    {
        IInvocationOperation when Awaited(value) is { } awaited => HasSql(awaited),
        IObjectCreationOperation { Constructor: { } constructor } => constructor.Parameters.Any(static p => DataAccessApis.TakesSql(p, hasBody: false)),
        IInvocationOperation call => call.TargetMethod.Parameters.Any(static p => DataAccessApis.TakesSql(p, hasBody: false)) ||
            (call.Arguments.Length > 0 && (SourceModel.HasBody(call.TargetMethod.OriginalDefinition, _cancellationToken) || IsDispatched(call.TargetMethod))),
        IConditionalOperation { WhenFalse: { } other } choice => HasSql(choice.WhenTrue) && HasSql(other),
        _ => false,
    };
}
