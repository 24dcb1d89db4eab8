using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CompileTimeRouting.AspNetCore.Tests.Hosting;

/// <summary>Bearer tokens: each is the name of a role.</summary>
internal sealed class Tokens(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Policy = "ops";

    /// <summary>Adds the tokens, the policy that asks for the role of the same name, and problem details.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        AddWithoutProblemDetails(builder);
        builder.Services.AddProblemDetails();
    }

    /// <summary>Adds the tokens and the policy.</summary>
    public static void AddWithoutProblemDetails(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(nameof(Tokens)).AddScheme<AuthenticationSchemeOptions, Tokens>(nameof(Tokens), null);
        builder.Services.AddAuthorization(static options => options.AddPolicy(Policy, static policy => policy.RequireRole(Policy)));
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal))
            return Task.FromResult(AuthenticateResult.NoResult());
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Role, header["Bearer ".Length..])], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }
}
