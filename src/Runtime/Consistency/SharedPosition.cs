namespace CompileTimeRouting;

/// <summary>
/// Asks the primary for its position. While one asks, others that come need a later answer: they share the next question,
/// which goes out when the one before is answered. Safe for use by many threads.
/// </summary>
/// <param name="ask">Asks it.</param>
internal sealed class SharedPosition(Func<CancellationToken, Task<ConsistencyToken>> ask)
{
    private readonly Lock _lock = new();
    private bool _isAsking;
    private TaskCompletionSource<ConsistencyToken>? _next;

    /// <summary>A position that the primary reached after the call.</summary>
    public async Task<ConsistencyToken> AskAsync(CancellationToken cancellationToken)
    {
        Task<ConsistencyToken>? shared = null;
        lock (_lock)
        {
            if (_isAsking)
                shared = (_next ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            _isAsking = true;
        }

        if (shared is not null)
            return await shared.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Alone it costs what it costs without the others.
            return await ask(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Nothing of this caller's flow is the others'.
            if (TakeNext() is { } next)
                ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Asker.AnswerAsync(work.Next), (Asker: this, Next: next), preferLocal: false);
        }
    }

    private async Task AnswerAsync(TaskCompletionSource<ConsistencyToken> next)
    {
        for (var waiting = next; waiting is not null; waiting = TakeNext())
        {
            try
            {
                waiting.TrySetResult(await ask(CancellationToken.None).ConfigureAwait(false));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                waiting.TrySetException(e);

                // Whoever waited may have given up.
                _ = waiting.Task.Exception;
            }
        }
    }

    private TaskCompletionSource<ConsistencyToken>? TakeNext()
    {
        lock (_lock)
        {
            var next = _next;
            _next = null;
            _isAsking = next is not null;
            return next;
        }
    }
}
