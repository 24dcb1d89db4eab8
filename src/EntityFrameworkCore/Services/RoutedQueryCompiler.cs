using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
#pragma warning disable EF1001 // EF has no other place to tell a compiled query's executor.
using Microsoft.EntityFrameworkCore.Query.Internal;

namespace CompileTimeRouting.EntityFrameworkCore.Services;

/// <summary>
/// EF's query compiler, but for compiled queries: those would track, or not, as the first context did that ran them. Everything
/// else goes through.
/// </summary>
internal sealed class RoutedQueryCompiler(IQueryCompiler inner, ICurrentDbContext current) : IQueryCompiler
{
    public TResult Execute<TResult>(Expression query) => inner.Execute<TResult>(query);

    public TResult ExecuteAsync<TResult>(Expression query, CancellationToken cancellationToken) => inner.ExecuteAsync<TResult>(query, cancellationToken);

    public Func<QueryContext, TResult> CreateCompiledQuery<TResult>(Expression query) =>
        new CompiledQuery<TResult>(query, current.Context, isAsync: false, inner.CreateCompiledQuery<TResult>(query)).Execute;

    public Func<QueryContext, TResult> CreateCompiledAsyncQuery<TResult>(Expression query) =>
        new CompiledQuery<TResult>(query, current.Context, isAsync: true, inner.CreateCompiledAsyncQuery<TResult>(query)).Execute;

#pragma warning disable EF9100 // Passed on only.
    public Expression<Func<QueryContext, TResult>> PrecompileQuery<TResult>(Expression query, bool async) => inner.PrecompileQuery<TResult>(query, async);
#pragma warning restore EF9100
}
#pragma warning restore EF1001
