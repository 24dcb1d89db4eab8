using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Tells what may throw inside of a <c>try</c>, and which handlers that may lead to. A handler for the exceptions of the database
/// is there for what asks the database, so nothing else leads to it: <c>try { await AddAsync(order); return Map(order); } catch
/// (PostgresException) { return await FindAsync(order.Id); }</c> reads where the write has failed.
/// </summary>
internal static class Throwing
{
    /// <summary>Whether what happens in a block may lead to a handler of the same body.</summary>
    public static bool IsCaught(BasicBlock block)
    {
        for (var region = block.EnclosingRegion; region is { Kind: not ControlFlowRegionKind.Root }; region = region.EnclosingRegion)
        {
            if (region is { Kind: ControlFlowRegionKind.Try, EnclosingRegion.Kind: ControlFlowRegionKind.TryAndCatch })
                return true;
        }

        return false;
    }

    /// <summary>
    /// Whether a call is one that may throw. Of what is asked of a task the call that has begun it counts, and nobody expects an
    /// exception of a log, or of an action's result.
    /// </summary>
    public static bool IsLikely(IInvocationOperation call)
    {
        if (call.IsImplicit)
            return call.TargetMethod.Name == "MoveNextAsync";
        if (IsOfTask(call.Instance?.Type))
            return IsOfVariable(call);
        var type = call.TargetMethod.ContainingType;
        return type is not { Name: "Console" or "ILogger" } && type?.ContainingNamespace is not
            ({ Name: "Logging", ContainingNamespace.Name: "Extensions" } or { Name: "Diagnostics", ContainingNamespace.Name: "System" } or { Name: "Http" or "Mvc", ContainingNamespace.Name: "AspNetCore" });
    }

    /// <summary>Whether to make an object may throw: not where it only keeps what it is given.</summary>
    public static bool IsLikely(IObjectCreationOperation creation) => creation.Constructor is { } constructor &&
        (SourceModel.IsInSource(constructor) ? SourceModel.HasBody(constructor, CancellationToken.None) : creation.Arguments.Length > 0 && !IsException(creation.Type));

    /// <summary>Whether a task is waited for that a variable holds, rather than the one that a call returns.</summary>
    public static bool IsOfVariable(IOperation? waiting)
    {
        while (true)
        {
            switch (waiting)
            {
                case IConversionOperation conversion:
                    waiting = conversion.Operand;
                    break;
                case IInvocationOperation { Instance: { } instance } when IsOfTask(instance.Type):
                    waiting = instance;
                    break;
                case IPropertyReferenceOperation { Instance: { } instance } when IsOfTask(instance.Type):
                    waiting = instance;
                    break;
                default:
                    return waiting is not (null or IInvocationOperation);
            }
        }
    }

    /// <summary>Whether a handler is there for what the database says.</summary>
    public static bool IsOfDatabase(ControlFlowGraph graph, ControlFlowRegion handler)
    {
        if (IsOfDatabase(handler.ExceptionType))
            return true;
        if (handler.Kind != ControlFlowRegionKind.FilterAndHandler)
            return false;
        var filter = handler.NestedRegions[0];
        for (var i = filter.FirstBlockOrdinal; i <= filter.LastBlockOrdinal; i++)
        {
            var block = graph.Blocks[i];
            foreach (var operation in block.BranchValue is { } asked ? block.Operations.Add(asked) : block.Operations)
            {
                if (operation.DescendantsAndSelf().Any(static o => o is IIsTypeOperation { TypeOperand: var type } && IsOfDatabase(type) || o is IPatternOperation pattern && IsOfDatabase(pattern.NarrowedType)))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether a handler may get what is thrown.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="thrown">The type that is thrown; null where it isn't known.</param>
    public static bool MayCatch(ControlFlowRegion handler, ITypeSymbol? thrown) =>
        thrown is null || handler.ExceptionType is not { SpecialType: not SpecialType.System_Object } caught || Derives(thrown, caught) || Derives(caught, thrown);

    private static bool IsOfDatabase(ITypeSymbol? exception)
    {
        for (var type = exception; type is not null; type = type.BaseType)
        {
            if (type.Name is "DbException" or "DbUpdateException")
                return true;
        }

        return false;
    }

    private static bool IsException(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type is { Name: "Exception", ContainingNamespace.Name: "System" })
                return true;
        }

        return false;
    }

    private static bool Derives(ITypeSymbol type, ITypeSymbol from)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(t, from))
                return true;
        }

        return false;
    }

    private static bool IsOfTask(ITypeSymbol? type) =>
        type?.Name is "Task" or "ValueTask" || type is { ContainingNamespace: { Name: "CompilerServices" or "Tasks", ContainingNamespace: { Name: "Runtime" or "Threading" } } };
}
