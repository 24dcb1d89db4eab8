using Microsoft.EntityFrameworkCore;

namespace CompileTimeRouting.EntityFrameworkCore;

/// <summary>One registration's part in the options of a context class.</summary>
internal sealed record ContextConfiguration<TContext>(object? Key, Action<IServiceProvider, DbContextOptionsBuilder> Configure)
    where TContext : DbContext;
