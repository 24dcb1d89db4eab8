using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>What happens at one place of a block.</summary>
/// <param name="Kind">What.</param>
/// <param name="Syntax">The place.</param>
/// <param name="Step">Of <see cref="FlowActionKind.Step"/> the step.</param>
/// <param name="Transactions">Of a transaction what it is.</param>
internal readonly record struct FlowAction(FlowActionKind Kind, SyntaxNode Syntax, FlowStep? Step = null, FlowTransactions Transactions = FlowTransactions.None);

/// <summary>The kinds of action.</summary>
internal enum FlowActionKind : byte
{
    /// <summary>Something is read or written.</summary>
    Step,

    /// <summary>A task is awaited, or waited for.</summary>
    Await,

    /// <summary>Something may throw, and hasn't done its own work then.</summary>
    Throws,

    /// <summary>A transaction begins.</summary>
    Begins,

    Commits,

    /// <summary>A transaction is rolled back, or disposed.</summary>
    Ends,
}
