using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Endpoints;

/// <summary>Secure by default: what operators see is mapped with a policy, or opened by name, or not at all.</summary>
internal static class EndpointAccess
{
    private const string OrOpen = "or set AllowAnonymous where only operators reach the port.";

    /// <summary>Checks what can be known while endpoints are mapped: the groups that they are in may yet say who may call.</summary>
    /// <param name="endpoints">Where they are mapped.</param>
    /// <param name="options">What was said.</param>
    /// <param name="method">The method that maps, for messages.</param>
    /// <exception cref="InvalidOperationException">It can't work; the message says what to do.</exception>
    public static void Require(IEndpointRouteBuilder endpoints, RoutingAccessOptions options, string method)
    {
        if (options is { AllowAnonymous: true, AuthorizationPolicy: not null })
            throw new InvalidOperationException($"{method}: AllowAnonymous and AuthorizationPolicy ('{options.AuthorizationPolicy}') are both set. Set one of them.");
        if (options.AllowAnonymous)
            return;
        var policies = endpoints.ServiceProvider.GetService<IAuthorizationPolicyProvider>() ?? throw new InvalidOperationException(
            $"{method}: the application has no authorization. Call builder.Services.AddAuthorization(...) with a policy and set its name as AuthorizationPolicy, {OrOpen}");
        if (options.AuthorizationPolicy is { } name && policies.GetPolicyAsync(name).GetAwaiter().GetResult() is null)
            throw new InvalidOperationException($"{method}: there is no authorization policy '{name}'. Add it in builder.Services.AddAuthorization(o => o.AddPolicy(\"{name}\", ...)).");
        if (!AppliesPolicies(endpoints))
            throw new InvalidOperationException($"{method}: nothing applies the authorization policy. Call app.UseAuthorization() behind UseRouting and before UseEndpoints, {OrOpen}");
    }

    /// <summary>Closes or opens endpoints, as was said.</summary>
    /// <param name="builder">The endpoints; none that is open by itself.</param>
    /// <param name="services">The application's.</param>
    /// <param name="options">What was said.</param>
    /// <param name="method">The method that maps, for messages.</param>
    public static void Apply(IEndpointConventionBuilder builder, IServiceProvider services, RoutingAccessOptions options, string method)
    {
        if (options.AllowAnonymous)
        {
            builder.AllowAnonymous();
            return;
        }

        if (options.AuthorizationPolicy is { } name)
            builder.RequireAuthorization(name);
        builder.Finally(endpoint => Close(endpoint, services, method));
    }

    /// <exception cref="InvalidOperationException">There is no such data source.</exception>
    public static void RequireSource(IServiceProvider services, object? key, string method)
    {
        var isRegistered = key is null
            ? services.GetService<IServiceProviderIsService>()?.IsService(typeof(RoutedDataSource))
            : services.GetService<IServiceProviderIsKeyedService>()?.IsKeyedService(typeof(RoutedDataSource), key);
        if (isRegistered == false)
        {
            throw new InvalidOperationException(key is null
                ? $"{method}: no data source is registered. Call builder.Services.AddRoutedDataSource(...), or set ServiceKey."
                : $"{method}: no data source is registered with the key '{key}'. Call builder.Services.AddKeyedRoutedDataSource(...).");
        }
    }

    // UseAuthorization leaves a mark, and has to stand before what is mapped by UseEndpoints. A WebApplication, which needs
    // neither, calls it itself when it starts.
    private static bool AppliesPolicies(IEndpointRouteBuilder endpoints)
    {
        var properties = endpoints.CreateApplicationBuilder().Properties;
        return properties.ContainsKey("__AuthorizationMiddlewareSet") || !properties.TryGetValue("__EndpointRouteBuilder", out var routing) || routing is WebApplication;
    }

    // Called when all has been said, by groups and by the caller, too: UseAuthorization has the endpoints built when the
    // application starts. The fallback policy becomes the endpoint's own, or else what attributes require (those count beside
    // a fallback policy anyway): without the middleware that would apply it, an endpoint with a policy is refused, and one
    // without is open.
    private static void Close(EndpointBuilder endpoint, IServiceProvider services, string method)
    {
        var isOpened = endpoint.Metadata.Any(static data => data is IAllowAnonymous);

        // To ASP.NET Core opening outweighs any policy, and a group's the policy of what is mapped in it.
        if (isOpened && endpoint.Metadata.Any(static data => data is IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData))
            throw new InvalidOperationException(
                $"{method}: a policy and AllowAnonymous() are both said of '{endpoint.DisplayName}', which would open it. Take AllowAnonymous() from it and the groups that it is in, {OrOpen}");
        if (isOpened || endpoint.Metadata.Any(static data => data is IAuthorizeData))
            return;
        var policy = services.GetRequiredService<IAuthorizationPolicyProvider>().GetFallbackPolicyAsync().GetAwaiter().GetResult() ?? Required(endpoint) ?? throw new InvalidOperationException(
            $"{method}: no authorization policy is set. Set AuthorizationPolicy to the name of one, call RequireAuthorization on the endpoints or a group that they are in, set a FallbackPolicy for the application, {OrOpen}");
        endpoint.Metadata.Add(new AuthorizeAttribute());
        endpoint.Metadata.Add(policy);
    }

    private static AuthorizationPolicy? Required(EndpointBuilder endpoint)
    {
        var requirements = endpoint.Metadata.OfType<IAuthorizationRequirementData>().SelectMany(static data => data.GetRequirements()).ToArray();
        return requirements.Length == 0 ? null : new AuthorizationPolicy(requirements, []);
    }
}
