using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
#pragma warning disable EF1001 // See RoutedQueryCompiler.
using Microsoft.EntityFrameworkCore.Query.Internal;

namespace CompileTimeRouting.EntityFrameworkCore.Services;

/// <summary>
/// A query of <c>EF.CompileQuery</c>, compiled once for each way of tracking: the context of a read and that of a write run
/// the same delegate, and what a write changes must be tracked.
/// </summary>
internal sealed class CompiledQuery<TResult>
{
    private readonly Func<QueryContext, TResult>?[] _executors = new Func<QueryContext, TResult>?[Enum.GetValues<QueryTrackingBehavior>().Length];
    private readonly Expression _query;
    private readonly ParameterExpression _context;
    private readonly bool _isAsync;

    /// <param name="query">The query, with the first context in it as a constant.</param>
    /// <param name="first">The context that runs it first.</param>
    /// <param name="isAsync">Whether it is one of <c>CompileAsyncQuery</c>.</param>
    /// <param name="executor">The query as it is compiled for that context.</param>
    public CompiledQuery(Expression query, DbContext first, bool isAsync, Func<QueryContext, TResult> executor)
    {
        // A context belongs to its loan, so none is kept here.
        _context = Expression.Parameter(first.GetType());
        _query = new Replacement(node => node is ConstantExpression { Value: DbContext value } && value == first, _context).Visit(query);
        _isAsync = isAsync;
        _executors[(int)first.ChangeTracker.QueryTrackingBehavior] = executor;
    }

    public TResult Execute(QueryContext queryContext)
    {
        var context = queryContext.Context;

        // Two that compile it at the same time get the same.
        var executor = _executors[(int)context.ChangeTracker.QueryTrackingBehavior] ??= Compile(context);
        return executor(queryContext);
    }

    private Func<QueryContext, TResult> Compile(DbContext context)
    {
        var query = new Replacement(node => node == _context, Expression.Constant(context)).Visit(_query);
        var compiler = context.GetService<IQueryCompiler>();
        return _isAsync ? compiler.CreateCompiledAsyncQuery<TResult>(query) : compiler.CreateCompiledQuery<TResult>(query);
    }

    private sealed class Replacement(Predicate<Expression> isReplaced, Expression by) : ExpressionVisitor
    {
        protected override Expression VisitConstant(ConstantExpression node) => isReplaced(node) ? by : node;

        protected override Expression VisitParameter(ParameterExpression node) => isReplaced(node) ? by : node;
    }
}
#pragma warning restore EF1001
