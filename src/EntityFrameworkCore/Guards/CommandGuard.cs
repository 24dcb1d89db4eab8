using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CompileTimeRouting.EntityFrameworkCore.Guards;

/// <summary>
/// Refuses the commands of a read's context that write: by where EF has them from, and queries and raw SQL by what their
/// text does, as it is sent: the interceptors of the application have had it before.
/// </summary>
internal sealed class CommandGuard : DbCommandInterceptor
{
    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Check(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Check(command, eventData);
        return new ValueTask<InterceptionResult<DbDataReader>>(result);
    }

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        Check(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        Check(command, eventData);
        return new ValueTask<InterceptionResult<object>>(result);
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Check(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check(command, eventData);
        return new ValueTask<InterceptionResult<int>>(result);
    }

    private static void Check(DbCommand command, CommandEventData eventData)
    {
        if (LeasedContexts.ReadOf(eventData.Context) is { } read && What(command.CommandText, eventData.CommandSource) is { } what)
            throw ReadViolation.Of(read, what);
    }

    // Null where it may run.
    private static string? What(string sql, CommandSource source) => source switch
    {
        CommandSource.ExecuteUpdate => "ExecuteUpdate was called",
        CommandSource.ExecuteDelete => "ExecuteDelete was called",
        CommandSource.SaveChanges => "SaveChanges was called",
        CommandSource.Migrations => "The schema was to be changed or looked at for it",
        CommandSource.ValueGenerator => "A value was to be taken from a sequence",

        // What LINQ makes is a SELECT, but raw SQL may be inside, a mapped function, or what an interceptor added.
        CommandSource.LinqQuery or CommandSource.FromSqlQuery =>
            SentSql.Judge(sql) == SentSqlVerdict.Writes ? "SQL that writes, locks or changes the session was to run" : null,

        // ExecuteSql returns no rows: what it is for is an effect, unless the SQL says otherwise.
        _ => SentSql.Judge(sql) == SentSqlVerdict.Reads ? null : "SQL that isn't known to only read was to run",
    };
}
