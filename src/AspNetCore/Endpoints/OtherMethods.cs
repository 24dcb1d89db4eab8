using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CompileTimeRouting.AspNetCore.Endpoints;

/// <summary>What is said to requests by a method that a path doesn't answer.</summary>
internal static class OtherMethods
{
    public const string GetAndHead = "GET, HEAD";
    public const string Post = "POST";

    /// <summary>Maps the refusal, which tells anybody the right methods, in words and in <c>Allow</c>.</summary>
    /// <param name="endpoints">Where the path is mapped.</param>
    /// <param name="path">The path.</param>
    /// <param name="allowed">The right methods, as <c>Allow</c> lists them.</param>
    public static void RefuseOthers(this IEndpointRouteBuilder endpoints, string path, string allowed) => endpoints
        .Map(path, (RequestDelegate)(context =>
        {
            context.Response.Headers.Allow = allowed;
            return TypedResults.Problem($"This answers {allowed} only.", statusCode: StatusCodes.Status405MethodNotAllowed).ExecuteAsync(context);
        }))
        .WithMetadata(new ExcludeFromDescriptionAttribute())
        .AllowAnonymous();
}
