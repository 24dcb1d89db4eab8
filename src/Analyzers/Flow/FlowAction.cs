using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>What happens at one place of a block.</summary>
/// <param name="Kind">What.</param>
/// <param name="Syntax">The place.</param>
/// <param name="Step">Of <see cref="FlowActionKind.Step"/> the step.</param>
internal readonly record struct FlowAction(FlowActionKind Kind, SyntaxNode Syntax, FlowStep? Step = null);

/// <summary>The kinds of action.</summary>
internal enum FlowActionKind : byte
{
    /// <summary>Something is read or written.</summary>
    Step,

    /// <summary>A task is awaited.</summary>
    Await,

    /// <summary>A unit of work begins, which the routed methods take part in.</summary>
    BeginsUnitOfWork,

    /// <summary>A transaction of a connection or context begins, which they don't take part in.</summary>
    BeginsTransaction,

    /// <summary>A <c>TransactionScope</c> begins: each connection takes part, none sees another's writes.</summary>
    BeginsScope,

    Commits,

    /// <summary>It is rolled back, or disposed.</summary>
    Ends,
}
