using Microsoft.EntityFrameworkCore;

namespace CompileTimeRouting.EntityFrameworkCore.Guards;

/// <summary>One loan of a context from EF's pool. The default value is that of none.</summary>
/// <param name="context">The context.</param>
/// <param name="number">Which of the context's loans it is: it ends with that one alone.</param>
internal readonly struct ContextLoan<TContext>(TContext context, int number)
    where TContext : DbContext
{
    /// <summary>The context; null in the default value.</summary>
    public TContext? Context { get; } = context;

    /// <summary>Gives the context back to its pool, which resets it; what it began in a transaction of its own is rolled back.</summary>
    public void Return()
    {
        if (Context is { } context && LeasedContexts.TryEnd(context, number))
            context.Dispose();
    }

    /// <inheritdoc cref="Return"/>
    public ValueTask ReturnAsync() => Context is { } context && LeasedContexts.TryEnd(context, number) ? context.DisposeAsync() : default;
}
