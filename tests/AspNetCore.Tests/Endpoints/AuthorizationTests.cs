using System.Net;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Endpoints;

/// <summary>Who may call is said, or the application doesn't start.</summary>
public sealed class AuthorizationTests(WebCluster cluster)
{
    [Fact]
    public void Without_authorization_mapping_fails_and_says_what_to_do()
    {
        var failure = Map(null);
        Assert.Contains("MapRoutingEndpoints: the application has no authorization. Call builder.Services.AddAuthorization(...)", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_policy_mapping_fails_and_says_what_to_do()
    {
        var failure = Map(Tokens.Add);
        Assert.Contains("MapRoutingEndpoints: no authorization policy is set. Set AuthorizationPolicy", failure, StringComparison.Ordinal);
        Assert.Contains("AllowAnonymous", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_does_not_exist_is_named()
    {
        var failure = Map(Tokens.Add, static options => options.AuthorizationPolicy = "operators");
        Assert.Contains("there is no authorization policy 'operators'", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_and_closed_at_once_is_refused()
    {
        var failure = Map(Tokens.Add, static options => (options.AuthorizationPolicy, options.AllowAnonymous) = (Tokens.Policy, true));
        Assert.Contains("are both set", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_source_that_is_not_registered_is_named()
    {
        var failure = Map(null, static options => (options.AllowAnonymous, options.ServiceKey) = (true, "ledger"));
        Assert.Contains("no data source is registered with the key 'ledger'", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fallback_policy_is_a_policy()
    {
        await using var host = await WebHost.StartAsync(
            cluster.Nodes,
            static builder =>
            {
                Tokens.Add(builder);
                builder.Services.Configure<AuthorizationOptions>(static options => options.FallbackPolicy = options.GetPolicy(Tokens.Policy));
            },
            static app => app.MapRoutingEndpoints("/db"));

        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/db/health")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.GetAsync("/db/replica-lag")).StatusCode);
    }

    [Fact]
    public async Task Opened_by_name_they_answer_anybody()
    {
        await using var host = await WebHost.StartAsync(cluster.Nodes, null, static app => app.MapRoutingEndpoints("/db", static options => options.AllowAnonymous = true));

        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/db/replica-lag")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.PostAsync("/db/test-connection", null)).StatusCode);
    }

    private string Map(Action<WebApplicationBuilder>? services, Action<RoutingEndpointOptions>? configure = null) =>
        Assert.Throws<InvalidOperationException>(() => WebHost.Build(cluster.Nodes, services, app => app.MapRoutingEndpoints("/db", configure))).Message;
}
