using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Npgsql;

namespace CompileTimeRouting.Cluster;

/// <summary>
/// Which run of which server a connection leads to. An address may lead to another one at any time: a standby was cloned
/// anew, or a balancer stands in between. So each physical connection is asked once, before its first use that counts on it.
/// </summary>
/// <remarks>
/// Reaches for Npgsql's physical connection, which a test checks for the version we build with. Where another version has
/// moved it, each use asks: a round trip more, and as right.
/// </remarks>
internal static class ConnectedServer
{
    private const string Question = "select " + ServerIdentity.RunSql;

    private static readonly ConditionalWeakTable<object, string> Known = [];
    private static readonly Func<NpgsqlConnection, object?>? PhysicalConnection = FindPhysicalConnection();

    internal static bool IsSupported => PhysicalConnection is not null;

    /// <summary>The server's run, as <see cref="ServerIdentity.Run"/> has it; null where it is to be asked.</summary>
    public static string? RunOf(NpgsqlConnection connection) =>
        PhysicalConnection?.Invoke(connection) is { } physical && Known.TryGetValue(physical, out var run) ? run : null;

    /// <summary>Asks for it, in one round trip.</summary>
    /// <exception cref="NpgsqlException">The server didn't answer.</exception>
    public static async Task<string> AskAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(Question, connection);
        return Note(connection, (string)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!);
    }

    /// <inheritdoc cref="AskAsync"/>
    public static string Ask(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(Question, connection);
        return Note(connection, (string)command.ExecuteScalar()!);
    }

    /// <summary>Asks after a use that must not fail for it; null where there was no answer.</summary>
    public static async ValueTask<string?> TryAskAsync(NpgsqlConnection connection)
    {
        try
        {
            return await AskAsync(connection, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="TryAskAsync"/>
    public static string? TryAsk(NpgsqlConnection connection)
    {
        try
        {
            return Ask(connection);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static string Note(NpgsqlConnection connection, string run)
    {
        if (PhysicalConnection?.Invoke(connection) is { } physical)
            Known.AddOrUpdate(physical, run);
        return run;
    }

    [DynamicDependency(DynamicallyAccessedMemberTypes.NonPublicProperties, typeof(NpgsqlConnection))]
    private static Func<NpgsqlConnection, object?>? FindPhysicalConnection() =>
        typeof(NpgsqlConnection).GetProperty("Connector", BindingFlags.Instance | BindingFlags.NonPublic)?.GetMethod?.CreateDelegate<Func<NpgsqlConnection, object?>>();
}
