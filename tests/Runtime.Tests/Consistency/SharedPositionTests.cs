using System.Collections.Concurrent;

namespace CompileTimeRouting.Runtime.Tests.Consistency;

public class SharedPositionTests
{
    private readonly ConcurrentQueue<TaskCompletionSource<ConsistencyToken>> _asked = new();
    private readonly SharedPosition _positions;

    public SharedPositionTests() => _positions = new SharedPosition(ct =>
    {
        var answer = new TaskCompletionSource<ConsistencyToken>();
        _asked.Enqueue(answer);
        return answer.Task.WaitAsync(ct);
    });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<TaskCompletionSource<ConsistencyToken>> QuestionAsync()
    {
        TaskCompletionSource<ConsistencyToken>? question;
        while (!_asked.TryDequeue(out question))
            await Task.Delay(1, Ct);
        return question;
    }

    private static ConsistencyToken At(ulong position) => new(1, 1, position);

    [Fact]
    public async Task Whoever_comes_while_one_asks_shares_the_next_question()
    {
        var first = _positions.AskAsync(Ct);
        var others = Enumerable.Range(0, 50).Select(_ => _positions.AskAsync(Ct)).ToArray();
        (await QuestionAsync()).SetResult(At(1));
        Assert.Equal(At(1), await first);
        var second = await QuestionAsync();
        var late = _positions.AskAsync(Ct);
        second.SetResult(At(2));
        Assert.All(await Task.WhenAll(others), static token => Assert.Equal(At(2), token));
        (await QuestionAsync()).SetResult(At(3));
        Assert.Equal(At(3), await late);
        Assert.Empty(_asked);

        // And then one is alone again.
        var alone = _positions.AskAsync(Ct);
        (await QuestionAsync()).SetResult(At(4));
        Assert.Equal(At(4), await alone);
    }

    [Fact]
    public async Task A_failure_that_nobody_waits_for_any_more_is_no_unobserved_one()
    {
        var unobserved = 0;
        void Count(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved += e.Exception.InnerException is InvalidTimeZoneException ? 1 : 0;
        TaskScheduler.UnobservedTaskException += Count;
        try
        {
            // It is told when what held the exception is collected.
            var failure = await FailWithoutAnyoneAsync();
            while (failure.IsAlive)
            {
                await Task.Delay(1, Ct);
                GC.Collect();
            }

            GC.WaitForPendingFinalizers();
            Assert.Equal(0, unobserved);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Count;
        }
    }

    private async Task<WeakReference> FailWithoutAnyoneAsync()
    {
        using var impatient = new CancellationTokenSource();
        var first = _positions.AskAsync(Ct);
        var second = _positions.AskAsync(impatient.Token);
        (await QuestionAsync()).SetResult(At(1));
        await first;
        var question = await QuestionAsync();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        var failure = new InvalidTimeZoneException();
        question.SetException(failure);
        return new WeakReference(failure);
    }

    [Fact]
    public async Task Who_gives_up_or_fails_leaves_the_others_with_an_answer()
    {
        using var impatient = new CancellationTokenSource();
        var first = _positions.AskAsync(impatient.Token);
        using var alsoImpatient = new CancellationTokenSource();
        var second = _positions.AskAsync(alsoImpatient.Token);
        var third = _positions.AskAsync(Ct);
        await alsoImpatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await QuestionAsync();
        var question = await QuestionAsync();
        var fourth = _positions.AskAsync(Ct);
        question.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => third);
        (await QuestionAsync()).SetResult(At(5));
        Assert.Equal(At(5), await fourth);
    }
}
