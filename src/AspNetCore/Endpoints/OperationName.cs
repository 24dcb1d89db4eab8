using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace CompileTimeRouting.AspNetCore.Endpoints;

/// <summary>
/// Names an operation in descriptions: <c>getApiV2DatabaseHealth</c> is <c>GET /api/v2/database/health</c>. The whole path
/// is another one wherever the endpoints are mapped again.
/// </summary>
internal static class OperationName
{
    /// <summary>Called when the path is known with those of all groups. A name that the application has given stays.</summary>
    public static void Add(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.Any(static data => data is IEndpointNameMetadata) || endpoint is not RouteEndpointBuilder { RoutePattern.RawText: { } path })
            return;
        endpoint.Metadata.Add(new EndpointNameMetadata(Of(endpoint.Metadata.OfType<IHttpMethodMetadata>().First().HttpMethods[0], path)));

        // Nobody links to it by name, so that the same path on another host may have the same.
        endpoint.Metadata.Add(new SuppressLinkGenerationMetadata());
    }

    private static string Of(string method, string path)
    {
        var name = new StringBuilder(method.ToLowerInvariant());
        var isNext = true;
        foreach (var letter in path)
        {
            if (!char.IsAsciiLetterOrDigit(letter))
            {
                isNext = true;
                continue;
            }

            name.Append(isNext ? char.ToUpperInvariant(letter) : letter);
            isNext = false;
        }

        return name.ToString();
    }
}
