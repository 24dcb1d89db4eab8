using System.Net.Sockets;
using Npgsql;

namespace CompileTimeRouting.Tool.Input;

/// <summary>Opens a session on a server that an option names. Messages hold no part of the connection string but host and port.</summary>
internal static class ServerConnection
{
    /// <param name="source">Where it comes from.</param>
    /// <param name="settings">What the option said.</param>
    /// <param name="setting">The option.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">Nobody answers, or the server refuses.</exception>
    public static async Task<NpgsqlConnection> OpenAsync(
        NpgsqlDataSource source, NpgsqlConnectionStringBuilder settings, string setting, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or InvalidOperationException or ArgumentException or IOException)
        {
            throw new CommandException($"{Address(settings)}: no session could be opened: {Reason(e)} Check {setting}, and that the server runs.", e);
        }
    }

    public static string Address(NpgsqlConnectionStringBuilder settings) => NodeConnectionString.HostAndPort(settings.Host!, settings.Port);

    /// <summary>Not the driver's messages, which can hold parts of the connection string; the server's can't.</summary>
    public static string Reason(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case PostgresException refusal:
                    return $"{refusal.MessageText} ({refusal.SqlState}).";
                case SocketException socket:
                    return $"{socket.SocketErrorCode}.";
                case TimeoutException:
                    return "it did not answer in time.";
            }
        }

        return $"{e.GetType().Name}.";
    }
}
