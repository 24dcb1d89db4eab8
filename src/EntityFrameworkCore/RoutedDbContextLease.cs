using CompileTimeRouting.EntityFrameworkCore.Guards;
using Microsoft.EntityFrameworkCore;

namespace CompileTimeRouting.EntityFrameworkCore;

/// <summary>
/// A context on loan from a <see cref="RoutedDbContextFactory{TContext}"/>, on an open connection. Disposing it gives both
/// back; inside a unit of work the connection stays with the unit of work.
/// </summary>
/// <typeparam name="TContext">The context class.</typeparam>
/// <remarks>A value that is used by one flow and disposed once: don't copy it and don't share it between threads.</remarks>
public struct RoutedDbContextLease<TContext> : IDisposable, IAsyncDisposable
    where TContext : DbContext
{
    private readonly ConnectionLease _connection;
    private ContextLoan<TContext> _loan;

    internal RoutedDbContextLease(in ContextLoan<TContext> loan, in ConnectionLease connection)
    {
        _loan = loan;
        _connection = connection;
    }

    /// <summary>The context. Don't dispose it; dispose the lease.</summary>
    /// <exception cref="InvalidOperationException">The lease is the default value of its type, or was disposed.</exception>
    public readonly TContext Context => _loan.Context ?? throw LeasedContexts.NoContext();

    /// <summary>The configured name of the node the connection leads to, for example <c>replica-1</c>; empty for the default value.</summary>
    public readonly string NodeName => _connection.NodeName;

    internal readonly ConnectionLease Connection => _connection;

    /// <summary>Gives the context and its connection back.</summary>
    public void Dispose()
    {
        if (_loan.Context is null)
            return;
        var loan = _loan;
        _loan = default;
        var connection = _connection;
        try
        {
            loan.Return();
        }
        finally
        {
            connection.Dispose();
        }
    }

    /// <summary>Gives the context and its connection back.</summary>
    /// <returns>A task that ends when both are back in their pools.</returns>
    public ValueTask DisposeAsync()
    {
        if (_loan.Context is null)
            return default;
        var loan = _loan;
        _loan = default;
        return ReturnAsync(loan, _connection);
    }

    private static async ValueTask ReturnAsync(ContextLoan<TContext> loan, ConnectionLease connection)
    {
        try
        {
            await loan.ReturnAsync().ConfigureAwait(false);
        }
        finally
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
