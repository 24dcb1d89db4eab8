using Microsoft.AspNetCore.Http;

namespace CompileTimeRouting.AspNetCore.Sessions;

/// <summary>One request's session and the way back to its client.</summary>
internal sealed class RequestSession(HttpContext context, ConsistencySession session, TokenTransport transport)
{
    private bool _isTold;

    /// <summary>Called by the server with the object, before the response's head is sent.</summary>
    public static Func<object, Task> Starting { get; } = static state => ((RequestSession)state).TellAsync();

    /// <summary>Whether the client will not hear of what was written.</summary>
    public bool IsUntold => session.HasNewWrites && !_isTold;

    /// <summary>Tells the client, where there is something to tell, once.</summary>
    public Task TellAsync()
    {
        if (!IsUntold)
            return Task.CompletedTask;
        _isTold = true;
        return transport.WriteAsync(context, session);
    }
}
