using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Goes through an operation in the order in which it runs: what is inside comes first. What <c>nameof</c> and <c>typeof</c> name
/// doesn't run.
/// </summary>
internal static class InnerFirstWalk
{
    // A stack of its own, because generated code nests deeper than a thread's.
    public static IEnumerable<IOperation> Of(IOperation root)
    {
        var pending = new Stack<(IOperation Operation, bool IsLeft)>();
        pending.Push((root, false));
        while (pending.Count > 0)
        {
            var (operation, isLeft) = pending.Pop();
            if (isLeft)
            {
                yield return operation;
                continue;
            }

            if (operation is INameOfOperation or ITypeOfOperation)
                continue;
            pending.Push((operation, true));
            foreach (var child in operation.ChildOperations.Reverse())
                pending.Push((child, false));
        }
    }
}
