using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// The methods of the source that handle what is sent through a mediator: <c>Send(new CloseOrder(id))</c> runs
/// <c>CloseOrderHandler.Handle</c>, although no call leads there. Told from the shape, because every mediator has interfaces
/// of its own: a type that is a handler by its name or by an interface's, and a method whose first parameter is the message.
/// </summary>
internal sealed class MessageHandlers
{
    private static readonly HashSet<string> DispatchVerbs = new(["Send", "Publish", "Dispatch", "Execute", "Invoke", "Query", "Request", "Raise", "Ask"], StringComparer.Ordinal);

    private static readonly HashSet<string> HandlingVerbs = new(["Handle", "Consume", "Execute", "On", "Process", "Receive"], StringComparer.Ordinal);

    /// <summary>What is sent through these leaves the process; whoever handles it is another connection's user.</summary>
    private static readonly string[] Transports = ["NServiceBus", "MassTransit", "Rebus", "EasyNetQ", "RabbitMQ", "Confluent", "Azure", "DotNetCore.CAP"];

    private readonly Lazy<ILookup<ISymbol, (IMethodSymbol Method, INamedTypeSymbol Handler)>> _handlers;

    /// <param name="classes">The classes of the source.</param>
    public MessageHandlers(Func<IEnumerable<INamedTypeSymbol>> classes) =>
        _handlers = new(() => classes().SelectMany(Handled).ToLookup(static h => h.Message, static h => (h.Method, h.Handler), (IEqualityComparer<ISymbol>)SymbolEqualityComparer.Default));

    /// <summary>What runs when a message is handed to a method; nothing where it handles no message of that type in this process.</summary>
    /// <param name="dispatcher">The type of what the message is handed to, as far as it is known.</param>
    /// <param name="method">The name of the method.</param>
    /// <param name="message">The type of the argument.</param>
    public IEnumerable<(IMethodSymbol Method, INamedTypeSymbol Handler)> Of(INamedTypeSymbol? dispatcher, string method, ITypeSymbol? message) =>
        IsDispatch(method) && message is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } type && StaysInProcess(dispatcher, method, type)
            ? _handlers.Value[type.OriginalDefinition]
            : [];

    /// <summary>Whether a method may hand a message to its handlers, by its name.</summary>
    public static bool IsDispatch(string method) => method.Length > 0 && DispatchVerbs.Contains(ChangeNames.FirstWord(method));

    private static bool StaysInProcess(INamedTypeSymbol? dispatcher, string method, INamedTypeSymbol message)
    {
        if (message.Name.Contains("Integration"))
            return false;
        if (dispatcher is null || dispatcher.Name.Contains("Mediator"))
            return true;
        if (DataAccessApis.IsIn(dispatcher, Transports))
            return false;
        // Wolverine's queues: only Invoke waits for the handler.
        if (DataAccessApis.IsIn(dispatcher, "Wolverine"))
            return method.StartsWith("Invoke", StringComparison.Ordinal);
        return !(method.StartsWith("Publish", StringComparison.Ordinal) && dispatcher.Name.EndsWith("Bus", StringComparison.Ordinal));
    }

    private static IEnumerable<(ISymbol Message, IMethodSymbol Method, INamedTypeSymbol Handler)> Handled(INamedTypeSymbol type)
    {
        if (type.IsAbstract && !type.IsStatic)
            yield break;
        var isNamedSo = type.Name.EndsWith("Handler", StringComparison.Ordinal) || type.Name.EndsWith("Consumer", StringComparison.Ordinal);
        if (!isNamedSo && !type.AllInterfaces.Any(static i => IsHandler(i)))
            yield break;
        var overridden = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        for (var level = type; level is { SpecialType: SpecialType.None }; level = level.BaseType)
        {
            foreach (var method in level.GetMembers().OfType<IMethodSymbol>())
            {
                if (method is not { MethodKind: MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation, IsAbstract: false, Parameters: [{ Type: var first }, ..] } ||
                    !HandlingVerbs.Contains(ChangeNames.FirstWord(method.Name.Substring(method.Name.LastIndexOf('.') + 1))) ||
                    Message(first) is not { } message || overridden.Contains(method.OriginalDefinition))
                {
                    continue;
                }

                if (method.OverriddenMethod is { } replaced)
                    overridden.Add(replaced.OriginalDefinition);
                yield return (message.OriginalDefinition, method.OriginalDefinition, type);
            }
        }
    }

    private static bool IsHandler(INamedTypeSymbol contract) =>
        contract.TypeArguments.Length > 0 && (contract.Name.Contains("Handle") || contract.Name.EndsWith("Consumer", StringComparison.Ordinal));

    // The message itself, or an envelope of it: ConsumeContext<T>.
    private static INamedTypeSymbol? Message(ITypeSymbol parameter) => parameter switch
    {
        INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } message => message,
        INamedTypeSymbol { TypeArguments: [INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } message] } => message,
        _ => null,
    };
}
