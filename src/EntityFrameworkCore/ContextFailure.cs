using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CompileTimeRouting.EntityFrameworkCore;

/// <summary>Finds the server's or the connection's error in what EF makes of it.</summary>
internal static class ContextFailure
{
    /// <summary>The error that tells whether to try again; the exception itself where it holds none.</summary>
    public static Exception Cause(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is NpgsqlException or IOException or TimeoutException or OperationCanceledException)
                return e;
            if (e is not (DbUpdateException or InvalidOperationException))
                break;
        }

        return exception;
    }
}
