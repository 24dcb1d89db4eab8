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
    private readonly Lazy<ILookup<ISymbol, (IMethodSymbol Method, INamedTypeSymbol Handler)>> _decorators;
    private readonly Lazy<MessageBehavior[]> _behaviors;

    /// <param name="classes">The classes of the source.</param>
    public MessageHandlers(Func<IEnumerable<INamedTypeSymbol>> classes)
    {
        var comparer = (IEqualityComparer<ISymbol>)SymbolEqualityComparer.Default;
        _handlers = new(() => classes().SelectMany(Handled).ToLookup(static h => h.Message, static h => (h.Method, h.Handler), comparer));
        _behaviors = new(() => [.. classes().SelectMany(MessageBehaviors.Of)]);
        _decorators = new(() => classes().SelectMany(Decorating).ToLookup(static d => d.Contract, static d => (d.Method, d.Handler), comparer));
    }

    /// <summary>What runs when a message is handed to a method; nothing where it handles no message of that type in this process.</summary>
    /// <param name="dispatcher">The type of what the message is handed to, as far as it is known.</param>
    /// <param name="method">The name of the method.</param>
    /// <param name="message">The type of the argument.</param>
    /// <returns>The methods, the classes that have them, and of those that may let a message pass a clause that says so.</returns>
    public IEnumerable<(IMethodSymbol Method, INamedTypeSymbol Handler, string? Doubt)> Of(INamedTypeSymbol? dispatcher, string method, ITypeSymbol? message) =>
        IsDispatch(method) && message is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } type && StaysInProcess(dispatcher, method, type)
            ? WithBehaviors(method, type, WithDecorators(_handlers.Value[type.OriginalDefinition]))
            : [];

    /// <summary>Whether a method may hand a message to its handlers, by its name.</summary>
    public static bool IsDispatch(string method) => method.Length > 0 && DispatchVerbs.Contains(ChangeNames.FirstWord(method));

    /// <summary>Whether a method may be one that handles a message, by its name.</summary>
    public static bool IsHandling(string method) => HandlingVerbs.Contains(ChangeNames.FirstWord(method.Substring(method.LastIndexOf('.') + 1)));

    // Around a request, not around an event.
    private IEnumerable<(IMethodSymbol Method, INamedTypeSymbol Handler, string? Doubt)> WithBehaviors(string method, INamedTypeSymbol message, IEnumerable<(IMethodSymbol Method, INamedTypeSymbol Handler)> handlers)
    {
        var isHandled = false;
        foreach (var (handling, handler) in handlers)
        {
            isHandled = true;
            yield return (handling, handler, null);
        }

        if (!isHandled || ChangeNames.FirstWord(method) is "Publish" or "Raise")
            yield break;
        foreach (var behavior in _behaviors.Value)
        {
            if (behavior.IsAround(message))
                yield return (behavior.Method, behavior.Type, behavior.Doubt);
        }
    }

    // What is around every handler of an interface runs with each of them, as a unit of work that saves does.
    private IEnumerable<(IMethodSymbol Method, INamedTypeSymbol Handler)> WithDecorators(IEnumerable<(IMethodSymbol Method, INamedTypeSymbol Handler)> handlers)
    {
        var decorated = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var handler in handlers)
        {
            yield return handler;
            foreach (var contract in handler.Handler.AllInterfaces.Where(static i => IsHandler(i)))
            {
                if (!decorated.Add(contract.OriginalDefinition))
                    continue;
                foreach (var decorator in _decorators.Value[contract.OriginalDefinition])
                    yield return decorator;
            }
        }
    }

    // class Saving<T>(IHandler<T> inner) : IHandler<T>
    private static IEnumerable<(ISymbol Contract, IMethodSymbol Method, INamedTypeSymbol Handler)> Decorating(INamedTypeSymbol type)
    {
        if (!type.IsGenericType || type.IsAbstract)
            yield break;
        foreach (var contract in type.Interfaces.Where(static i => IsHandler(i) && i.TypeArguments[0] is ITypeParameterSymbol))
        {
            if (!type.InstanceConstructors.Any(c => c.Parameters.Any(p => SymbolEqualityComparer.Default.Equals(p.Type, contract))))
                continue;
            foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
            {
                if (!method.IsStatic && IsHandling(method.Name) && method.Parameters.Length > 0 && SymbolEqualityComparer.Default.Equals(method.Parameters[0].Type, contract.TypeArguments[0]))
                    yield return (contract.OriginalDefinition, method, type);
            }
        }
    }

    private static bool StaysInProcess(INamedTypeSymbol? dispatcher, string method, INamedTypeSymbol message)
    {
        if (message.Name.Contains("Integration"))
            return false;
        if (dispatcher is null || dispatcher.Name.Contains("Mediator"))
            return true;
        if (DataAccessApis.IsIn(dispatcher, Transports) || IsOfFramework(dispatcher))
            return false;
        // Wolverine's queues: only Invoke waits for the handler.
        if (DataAccessApis.IsIn(dispatcher, "Wolverine"))
            return method.StartsWith("Invoke", StringComparison.Ordinal);
        return !(method.StartsWith("Publish", StringComparison.Ordinal) && dispatcher.Name.EndsWith("Bus", StringComparison.Ordinal));
    }

    // HttpClient sends a request, a delegate is invoked with an object: neither knows of handlers.
    private static bool IsOfFramework(INamedTypeSymbol dispatcher)
    {
        for (var level = dispatcher; level is { SpecialType: SpecialType.None }; level = level.BaseType)
        {
            if (DataAccessApis.IsIn(level, "System"))
                return true;
        }

        return false;
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
                    !IsHandling(method.Name) ||
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
