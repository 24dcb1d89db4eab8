using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>Tells the calls that begin and end transactions.</summary>
internal static class FlowTransactionCalls
{
    public static FlowActionKind? KindOf(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (Awaited(method.ReturnType) is { Name: "RoutedTransaction", ContainingNamespace.Name: "CompileTimeRouting" })
            return FlowActionKind.BeginsUnitOfWork;
        if (method.Name.StartsWith("BeginTransaction", StringComparison.Ordinal) && IsTransaction(Awaited(method.ReturnType)))
            return FlowActionKind.BeginsTransaction;
        if (!IsTransaction(Disposed(call)))
            return null;
        return method.Name switch
        {
            "Commit" or "CommitAsync" or "Complete" => FlowActionKind.Commits,
            "Rollback" or "RollbackAsync" or "Dispose" or "DisposeAsync" => FlowActionKind.Ends,
            _ => null,
        };
    }

    // The object of a Dispose is converted to the interface.
    private static ITypeSymbol? Disposed(IInvocationOperation call)
    {
        var instance = call.Instance;
        while (instance is IConversionOperation conversion)
            instance = conversion.Operand;
        return instance?.Type;
    }

    private static bool IsTransaction(ITypeSymbol? type)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.Name is "RoutedTransaction" or "DbTransaction" or "IDbTransaction" or "IDbContextTransaction" or "TransactionScope")
                return true;
        }

        return false;
    }

    private static ITypeSymbol? Awaited(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments: [var result] } ? result : type;
}
