using System.Data;
using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>A pool as one session uses it: the session is told when a lease ends.</summary>
internal sealed class SessionPool(ConsistencySession session, NodePool pool, SessionUse use)
{
    public NodePool Pool => pool;

    public SessionUse Use => use;

    public void Return(NpgsqlConnection connection, LeaseEnd end)
    {
        var isUncertain = IsUncertain(connection);
        try
        {
            pool.Return(connection, end);
        }
        finally
        {
            session.Ended(use, isUncertain);
        }
    }

    public ValueTask ReturnAsync(NpgsqlConnection connection, LeaseEnd end)
    {
        var isUncertain = IsUncertain(connection);
        var returning = pool.ReturnAsync(connection, end);
        if (!returning.IsCompletedSuccessfully)
            return AwaitReturnAsync(returning, isUncertain);
        session.Ended(use, isUncertain);
        return default;
    }

    // What broke, or is still busy, may yet write.
    private bool IsUncertain(NpgsqlConnection connection) => use == SessionUse.Write && connection.FullState != ConnectionState.Open;

    private async ValueTask AwaitReturnAsync(ValueTask returning, bool isUncertain)
    {
        try
        {
            await returning.ConfigureAwait(false);
        }
        finally
        {
            session.Ended(use, isUncertain);
        }
    }
}
