using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CompileTimeRouting.EntityFrameworkCore.Guards;

/// <summary>
/// Keeps EF from opening a connection by itself. A lease's connection is open; where it has broken, EF would open it again,
/// outside of the transaction that was open on it. A connection beside it (EnsureCreated, Migrate) is for writes.
/// </summary>
internal sealed class ConnectionGuard : DbConnectionInterceptor
{
    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Check(connection, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Check(connection, eventData);
        return new ValueTask<InterceptionResult>(result);
    }

    private static void Check(DbConnection connection, ConnectionEventData eventData)
    {
        if (LeasedContexts.IsLent(eventData.Context, connection))
        {
            throw new InvalidOperationException(
                "The connection of this context is closed: it broke, or it was closed by hand. A context has one connection, that of its lease; " +
                "open another context for another attempt.");
        }

        ReadViolation.ThrowIfRead(eventData.Context, "A connection of its own was to be opened");
    }
}
