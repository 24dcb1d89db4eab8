using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace CompileTimeRouting.EntityFrameworkCore.Guards;

/// <summary>
/// What each context is on loan for. Kept beside the contexts, so that the class needs no base of ours and the interceptors,
/// which all contexts share, no state.
/// </summary>
internal static class LeasedContexts
{
    private static readonly ConditionalWeakTable<DbContext, Loan> Loans = [];

    /// <summary>Begins a loan of a context that is fresh from its pool. One instance serves one loan at a time, so its note is made once.</summary>
    public static ContextLoan<TContext> Begin<TContext>(TContext context)
        where TContext : DbContext => new(context, Loans.GetOrCreateValue(context).Begin());

    /// <summary>Puts a context on a connection.</summary>
    /// <param name="context">The context, whose loan has begun.</param>
    /// <param name="connection">The open connection.</param>
    /// <param name="transaction">The transaction that is open on it; null for none.</param>
    /// <param name="read">The read's route; null for a write.</param>
    public static void Lend(DbContext context, DbConnection connection, DbTransaction? transaction, ReadRoute? read)
    {
        context.Database.SetDbConnection(connection, contextOwnsConnection: false);
        if (transaction is not null)
            context.Database.UseTransaction(transaction);

        // The pool has reset it to the default of the options.
        if (read is not null && context.ChangeTracker.QueryTrackingBehavior == QueryTrackingBehavior.TrackAll)
            context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        var loan = Loans.GetOrCreateValue(context);
        loan.Connection = connection;
        loan.Read = read;
    }

    /// <summary>Ends a loan, before the context is disposed: from then on it may be on loan again.</summary>
    /// <param name="context">The context.</param>
    /// <param name="number">Which of its loans.</param>
    /// <returns>Whether it was the one that is under way: who disposed the context by hand gave it back then, and another call may have it.</returns>
    public static bool TryEnd(DbContext context, int number)
    {
        var loan = Loans.GetOrCreateValue(context);
        if (!loan.TryEnd(number))
            return false;

        // The context is nobody else's until it is disposed.
        (loan.Connection, loan.Read) = (null, null);
        return true;
    }

    /// <summary>The route of the read that the context is on loan for; null for a write.</summary>
    public static ReadRoute? ReadOf(DbContext? context) => context is not null && Loans.TryGetValue(context, out var loan) ? loan.Read : null;

    /// <summary>Whether it is the connection that the context was lent with.</summary>
    public static bool IsLent(DbContext? context, DbConnection connection) =>
        context is not null && Loans.TryGetValue(context, out var loan) && ReferenceEquals(loan.Connection, connection);

    public static InvalidOperationException NoContext() => new(
        "This lease has no context: it was disposed, or it is the default value of its type and was not made by a RoutedDbContextFactory.");

    private sealed class Loan
    {
        private int _number;

        public DbConnection? Connection { get; set; }

        public ReadRoute? Read { get; set; }

        public int Begin() => Interlocked.Increment(ref _number);

        public bool TryEnd(int number) => Interlocked.CompareExchange(ref _number, number + 1, number) == number;
    }
}
