using System.Net.Sockets;
using Npgsql;

namespace CompileTimeRouting.Faults.Load;

/// <summary>Names a failure in a word or two, for counting.</summary>
internal static class Failures
{
    public static string Name(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case PostgresException postgres:
                    return postgres.SqlState;
                case SocketException socket:
                    return socket.SocketErrorCode.ToString();
                case TimeoutException:
                    return "timed out";
                case OperationCanceledException:
                    return "never ended";
                case EndOfStreamException or IOException:
                    return "connection broke";
            }
        }

        return exception.GetType().Name;
    }
}
