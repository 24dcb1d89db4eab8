using System.Data;

namespace CompileTimeRouting.Runtime.Tests;

public class CommandScopeTests
{
    private static readonly WriteRoute Route = new("Shop.Book");

    private static (RoutedTransaction UnitOfWork, CommandScope Scope) Joined()
    {
        var source = RoutedDataSource.Create(new RoutingOptions { Primary = "Host=nowhere.invalid" });
        var unitOfWork = new RoutedTransaction(source, session: null, IsolationLevel.Unspecified, activity: null);
        return (unitOfWork, new CommandScope(unitOfWork, Route, joined: true));
    }

    [Fact]
    public async Task A_call_that_joined_and_committed_leaves_the_unit_of_work_whole()
    {
        var (unitOfWork, scope) = Joined();
        await using (scope)
            await scope.CommitAsync(TestContext.Current.CancellationToken);
        Assert.False(unitOfWork.IsDoomed);
    }

    [Fact]
    public async Task A_copy_that_is_disposed_knows_of_the_commit()
    {
        // ConfigureAwait takes the scope as an IAsyncDisposable: a boxed copy.
        var (unitOfWork, scope) = Joined();
        await using (scope.ConfigureAwait(false))
            await scope.CommitAsync(TestContext.Current.CancellationToken);
        Assert.False(unitOfWork.IsDoomed);
    }

    [Fact]
    public async Task A_call_that_joined_and_failed_dooms_the_unit_of_work()
    {
        var (unitOfWork, scope) = Joined();
        await scope.DisposeAsync();
        Assert.True(unitOfWork.IsDoomed);

        (unitOfWork, scope) = Joined();
        scope.Dispose();
        Assert.True(unitOfWork.IsDoomed);
    }

    [Fact]
    public void An_ended_unit_of_work_says_so()
    {
        var (unitOfWork, _) = Joined();
        Assert.Contains("has ended", Assert.Throws<InvalidOperationException>(() => unitOfWork.Connection).Message);
        Assert.Contains("has ended", Assert.Throws<InvalidOperationException>(() => unitOfWork.Transaction).Message);
        Assert.Contains("has ended", Assert.Throws<InvalidOperationException>(unitOfWork.Commit).Message);
        Assert.Contains("has ended", Assert.Throws<InvalidOperationException>(unitOfWork.Rollback).Message);
        unitOfWork.Dispose();
    }

    [Fact]
    public void A_default_lease_says_so()
    {
        Assert.Contains("default value", Assert.Throws<InvalidOperationException>(() => default(ConnectionLease).Connection).Message);
        Assert.Equal("", default(ConnectionLease).NodeName);
        default(ConnectionLease).Dispose();
    }
}
