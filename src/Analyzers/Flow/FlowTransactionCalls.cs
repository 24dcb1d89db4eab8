using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>Tells the calls that begin and end transactions.</summary>
internal static class FlowTransactionCalls
{
    public static (FlowActionKind Kind, FlowTransactions Transactions)? KindOf(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (IsUnitOfWork(Awaited(method.ReturnType)))
            return (FlowActionKind.Begins, FlowTransactions.UnitOfWork);
        if (method.Name.StartsWith("BeginTransaction", StringComparison.Ordinal) && Transaction(Awaited(method.ReturnType)) is { } begun)
            return (FlowActionKind.Begins, begun);
        FlowActionKind? kind = method.Name switch
        {
            "Commit" or "CommitAsync" or "Complete" => FlowActionKind.Commits,
            "Rollback" or "RollbackAsync" or "Dispose" or "DisposeAsync" => FlowActionKind.Ends,
            _ => null,
        };
        return kind is { } ended && Transaction(Disposed(call)) is { } transactions ? (ended, transactions) : null;
    }

    // The object of a Dispose is converted to the interface.
    private static ITypeSymbol? Disposed(IInvocationOperation call)
    {
        var instance = call.Instance;
        while (instance is IConversionOperation conversion)
            instance = conversion.Operand;
        return instance?.Type;
    }

    private static FlowTransactions? Transaction(ITypeSymbol? type)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            switch (t.Name)
            {
                // Whichever data source's it is.
                case "RoutedTransaction":
                    return FlowTransactions.UnitsOfWork;
                case "TransactionScope":
                    return FlowTransactions.Scope;
                case "DbTransaction" or "IDbTransaction" or "IDbContextTransaction":
                    return FlowTransactions.Connection;
            }
        }

        return null;
    }

    private static bool IsUnitOfWork(ITypeSymbol type) => type is { Name: "RoutedTransaction", ContainingNamespace.Name: "CompileTimeRouting" };

    private static ITypeSymbol Awaited(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments: [var result] } ? result : type;
}
