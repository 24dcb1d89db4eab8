using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CompileTimeRouting.EntityFrameworkCore.Guards;

/// <summary>
/// Refuses a serializable transaction on the context of a read, which a hot standby can't run. Repeatable read gives several
/// statements one view of the data there, too.
/// </summary>
internal sealed class TransactionGuard : DbTransactionInterceptor
{
    public override InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        Check(eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        Check(eventData);
        return new ValueTask<InterceptionResult<DbTransaction>>(result);
    }

    private static void Check(TransactionStartingEventData eventData)
    {
        if (eventData.IsolationLevel == IsolationLevel.Serializable)
            ReadViolation.ThrowIfRead(eventData.Context, "A serializable transaction was to begin; ask for RepeatableRead or Snapshot");
    }
}
