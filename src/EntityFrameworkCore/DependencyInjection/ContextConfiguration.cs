using Microsoft.EntityFrameworkCore;

namespace CompileTimeRouting.EntityFrameworkCore;

/// <summary>What one registration says of a context class.</summary>
/// <param name="Key">The key of the factory; null for the one without.</param>
/// <param name="Configure">Its part in the options.</param>
/// <param name="PoolSize">The most idle contexts; null where it says nothing.</param>
/// <param name="OnLease">What it does with a context that is about to be lent.</param>
internal sealed record ContextConfiguration<TContext>(
    object? Key, Action<IServiceProvider, DbContextOptionsBuilder> Configure, int? PoolSize, Action<IServiceProvider, TContext>? OnLease)
    where TContext : DbContext;
