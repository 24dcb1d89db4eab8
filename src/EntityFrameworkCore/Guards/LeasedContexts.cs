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

    /// <summary>Puts a context on a connection. One instance serves one loan at a time, so its note is made once.</summary>
    /// <param name="context">The context, fresh from its pool.</param>
    /// <param name="connection">The open connection.</param>
    /// <param name="transaction">The transaction that is open on it; null for none.</param>
    /// <param name="read">The read's route; null for a write.</param>
    public static void Lend(DbContext context, DbConnection connection, DbTransaction? transaction, ReadRoute? read)
    {
        if (!Loans.TryGetValue(context, out var loan))
            Loans.Add(context, loan = new Loan());
        context.Database.SetDbConnection(connection, contextOwnsConnection: false);
        if (transaction is not null)
            context.Database.UseTransaction(transaction);

        // The pool has reset it to the default of the options.
        if (read is not null && context.ChangeTracker.QueryTrackingBehavior == QueryTrackingBehavior.TrackAll)
            context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        loan.Connection = connection;
        loan.Read = read;
    }

    /// <summary>Gives a context back to its pool, which resets it; what it began in a transaction of its own is rolled back.</summary>
    public static void Return(DbContext context)
    {
        End(context);
        context.Dispose();
    }

    /// <inheritdoc cref="Return"/>
    public static ValueTask ReturnAsync(DbContext context)
    {
        End(context);
        return context.DisposeAsync();
    }

    /// <summary>The route of the read that the context is on loan for; null for a write.</summary>
    public static ReadRoute? ReadOf(DbContext? context) => context is not null && Loans.TryGetValue(context, out var loan) ? loan.Read : null;

    /// <summary>Whether it is the connection that the context was lent with.</summary>
    public static bool IsLent(DbContext? context, DbConnection connection) =>
        context is not null && Loans.TryGetValue(context, out var loan) && ReferenceEquals(loan.Connection, connection);

    public static InvalidOperationException NoContext() => new(
        "This lease has no context: it was disposed, or it is the default value of its type and was not made by a RoutedDbContextFactory.");

    // Before it is disposed: from then on it may be on loan again.
    private static void End(DbContext context)
    {
        if (Loans.TryGetValue(context, out var loan))
            (loan.Connection, loan.Read) = (null, null);
    }

    private sealed class Loan
    {
        public DbConnection? Connection { get; set; }

        public ReadRoute? Read { get; set; }
    }
}
