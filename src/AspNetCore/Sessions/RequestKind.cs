using Microsoft.AspNetCore.Http;

namespace CompileTimeRouting.AspNetCore.Sessions;

/// <summary>What a request's method tells of what it is for.</summary>
internal static class RequestKind
{
    /// <summary>Whether it asks for a change: by RFC 9110 every method that isn't known as safe.</summary>
    public static bool IsUnsafe(HttpRequest request)
    {
        var method = request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method))
            return false;

        // A WebSocket over HTTP/2; a query with a body (RFC in the making); and gRPC, where every call is a POST.
        return !HttpMethods.IsConnect(method)
            && !method.Equals("QUERY", StringComparison.OrdinalIgnoreCase)
            && request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true;
    }
}
