using System.Net;
using Microsoft.EntityFrameworkCore;

namespace BookedBarber.EntityFramework;

/// <summary>The columns of <see cref="Witnessed"/>, as functions for LINQ. They run in the server only.</summary>
internal static class ServerFunctions
{
    public static bool InRecovery() => throw new NotSupportedException();

    public static int? Port() => throw new NotSupportedException();

    public static IPAddress? Address() => throw new NotSupportedException();

    public static string? Host(IPAddress? address) => throw new NotSupportedException();

    public static void Map(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDbFunction(() => InRecovery()).HasName("pg_is_in_recovery").IsBuiltIn();
        modelBuilder.HasDbFunction(() => Port()).HasName("inet_server_port").IsBuiltIn();
        modelBuilder.HasDbFunction(() => Address()).HasName("inet_server_addr").IsBuiltIn();
        modelBuilder.HasDbFunction(() => Host(null)).HasName("host").IsBuiltIn();
    }
}
