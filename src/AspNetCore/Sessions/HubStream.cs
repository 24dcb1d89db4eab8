using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace CompileTimeRouting.AspNetCore.Sessions;

/// <summary>
/// What a hub method streams to its client: it is produced when the method has returned, in the flow of whoever sends it, and
/// still in the connection's session.
/// </summary>
internal abstract class HubStream
{
    private RoutedDataSource _source = null!;
    private ConsistencySession _session = null!;

    /// <summary>Takes over the use of a session, where the result is a stream.</summary>
    /// <param name="result">What the method returned.</param>
    /// <param name="declared">What it is declared to return. SignalR streams by that.</param>
    /// <param name="source">The data source.</param>
    /// <param name="session">The connection's session.</param>
    /// <param name="use">Its use that the method was called in.</param>
    /// <returns>What to stream; null for no stream, where the caller has to end the use.</returns>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "SignalR streams references only where code can't be made at run time, and these share one body.")]
    public static object? Take(object? result, Type declared, RoutedDataSource source, ConsistencySession session, SessionScope use)
    {
        if (declared.IsGenericType && (declared.GetGenericTypeDefinition() == typeof(Task<>) || declared.GetGenericTypeDefinition() == typeof(ValueTask<>)))
            declared = declared.GenericTypeArguments[0];
        if (result is null || !declared.IsGenericType)
            return null;
        var kind = declared.GetGenericTypeDefinition();
        var made = kind == typeof(IAsyncEnumerable<>) ? Activator.CreateInstance(typeof(Enumerated<>).MakeGenericType(declared.GenericTypeArguments))
            : kind == typeof(ChannelReader<>) ? Activator.CreateInstance(typeof(Channeled<>).MakeGenericType(declared.GenericTypeArguments))
            : null;
        if (made is not HubStream stream)
            return null;
        (stream._source, stream._session) = (source, session);
        return stream.Begin(result, use);
    }

    protected abstract object Begin(object result, SessionScope use);

    // A stream may hear last of all that its client has gone.
    private SessionScope? Use()
    {
        try
        {
            return _source.UseSession(_session);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // Its code runs where the next element is asked for.
    private sealed class Enumerated<T> : HubStream, IAsyncEnumerable<T>
    {
        private IAsyncEnumerable<T> _stream = null!;

        public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            IAsyncEnumerator<T> elements;
            using (Use())
                elements = _stream.GetAsyncEnumerator(cancellationToken);
            try
            {
                while (await NextAsync(elements).ConfigureAwait(false))
                    yield return elements.Current;
            }
            finally
            {
                using (Use())
                    await elements.DisposeAsync().ConfigureAwait(false);
            }
        }

        protected override object Begin(object result, SessionScope use)
        {
            use.Dispose();
            _stream = (IAsyncEnumerable<T>)result;
            return this;
        }

        private async ValueTask<bool> NextAsync(IAsyncEnumerator<T> elements)
        {
            using (Use())
                return await elements.MoveNextAsync().ConfigureAwait(false);
        }
    }

    // What writes to it was begun by the method, and so flows in the use that the method was called in.
    private sealed class Channeled<T> : HubStream
    {
        protected override object Begin(object result, SessionScope use)
        {
            _ = ((ChannelReader<T>)result).Completion.ContinueWith(
                static (_, state) => ((SessionScope)state!).Dispose(), use, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return result;
        }
    }
}
