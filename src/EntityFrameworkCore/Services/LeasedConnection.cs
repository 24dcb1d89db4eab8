using System.Transactions;
using CompileTimeRouting.EntityFrameworkCore.Guards;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
#pragma warning disable EF1001 // The provider has no option that says: no data source, whichever is registered.
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal;
using Npgsql.EntityFrameworkCore.PostgreSQL.Storage.Internal;

namespace CompileTimeRouting.EntityFrameworkCore.Services;

/// <summary>
/// What a context knows of its connection: that of its loan, and nothing else. The provider's own takes an
/// <see cref="NpgsqlDataSource"/> that the application has registered for something else, and leads to the server of that
/// where a second connection is needed (<c>EnsureDeleted</c>).
/// </summary>
internal sealed class LeasedConnection(RelationalConnectionDependencies dependencies) : NpgsqlRelationalConnection(dependencies, dataSource: null)
{
    // As the provider does it, but from the connection itself: its text has no password once it is open.
    public override INpgsqlRelationalConnection CreateAdminConnection()
    {
        var options = Dependencies.ContextOptions.FindExtension<NpgsqlOptionsExtension>()!;
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Database = options.AdminDatabase ?? "postgres",
            Pooling = false,
            Multiplexing = false,
        };
        var builder = new DbContextOptionsBuilder();
        ((IDbContextOptionsBuilderInfrastructure)builder).AddOrUpdateExtension(
            options.WithConnection(DbConnection.CloneWith(settings.ConnectionString)));
        return new AdminConnection(Dependencies with { ContextOptions = builder.Options });
    }

    // A read takes no part in a TransactionScope; the connection of a write does, since it was opened in it.
    protected override void ConnectionEnlistTransaction(Transaction? transaction)
    {
        if (LeasedContexts.ReadOf(Context) is null)
            base.ConnectionEnlistTransaction(transaction);
    }

    private sealed class AdminConnection(RelationalConnectionDependencies dependencies) : NpgsqlRelationalConnection(dependencies, dataSource: null);
}
#pragma warning restore EF1001
