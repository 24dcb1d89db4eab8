using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.Extensions.DependencyInjection;
using Npgsql.EntityFrameworkCore.PostgreSQL.Storage.Internal;

namespace CompileTimeRouting.EntityFrameworkCore.Services;

/// <summary>
/// Puts what contexts on loan need among EF's own services. It comes last, so that it finds those of the provider and of the
/// application's extensions.
/// </summary>
internal sealed class RoutedContextExtension : IDbContextOptionsExtension
{
    public RoutedContextExtension() => Info = new ExtensionInfo(this);

    public DbContextOptionsExtensionInfo Info { get; }

    public void ApplyServices(IServiceCollection services)
    {
#pragma warning disable EF1001 // The two places where EF and its provider decide what a loan decides here.
        services.AddScoped<INpgsqlRelationalConnection, LeasedConnection>();
        Decorate(services);
#pragma warning restore EF1001
    }

    public void Validate(IDbContextOptions options)
    {
    }

#pragma warning disable EF1001
    // Around whichever compiler there is: extensions of the application have theirs.
    private static void Decorate(IServiceCollection services)
    {
        var compiler = services.Last(static s => s.ServiceType == typeof(IQueryCompiler));
        services.AddScoped<IQueryCompiler>(provider => new RoutedQueryCompiler(
            (IQueryCompiler)(compiler.ImplementationInstance ?? compiler.ImplementationFactory?.Invoke(provider) ??
                ActivatorUtilities.CreateInstance(provider, compiler.ImplementationType!)),
            provider.GetRequiredService<ICurrentDbContext>()));
    }
#pragma warning restore EF1001

    private sealed class ExtensionInfo(RoutedContextExtension extension) : DbContextOptionsExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => "";

        public override int GetServiceProviderHashCode() => 0;

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is ExtensionInfo;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) => debugInfo["CompileTimeRouting"] = "1";
    }
}
