using System.Net;
using System.Net.Http.Headers;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CompileTimeRouting.AspNetCore.Tests.Endpoints;

/// <summary>Who may call is said, or the application doesn't start.</summary>
public sealed class AuthorizationTests(WebCluster cluster)
{
    private static readonly string[] Closed = ["/db/pool-metrics", "/db/replica-lag", "/metrics", "/routing", "/routing/dashboard.js", "/routing/state", "/routing/routes"];

    [Fact]
    public void Without_authorization_mapping_fails_and_says_what_to_do()
    {
        var failure = Map(null);
        Assert.Contains("MapRoutingEndpoints: the application has no authorization. Call builder.Services.AddAuthorization(...)", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MapRoutingEndpoints")]
    [InlineData("MapRoutingMetrics")]
    [InlineData("MapRoutingDashboard")]
    public async Task Without_a_policy_the_application_does_not_start_and_says_what_to_do(string method)
    {
        await using var app = WebHost.Build(cluster.Nodes, Tokens.Add, app => _ = method switch
        {
            "MapRoutingEndpoints" => app.MapRoutingEndpoints("/db"),
            "MapRoutingMetrics" => app.MapRoutingMetrics(),
            _ => app.MapRoutingDashboard(),
        });
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync());
        Assert.Contains($"{method}: no authorization policy is set. Set AuthorizationPolicy", failure.Message, StringComparison.Ordinal);
        Assert.Contains("RequireAuthorization", failure.Message, StringComparison.Ordinal);
        Assert.Contains("AllowAnonymous", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nor_does_it_where_a_group_has_none_either()
    {
        await using var app = WebHost.Build(cluster.Nodes, Tokens.Add, static app => app.MapGroup("/ops").MapRoutingMetrics());
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Authorization_may_come_from_a_group_or_behind(bool isGroup)
    {
        await using var host = await WebHost.StartAsync(cluster.Nodes, Tokens.Add, app =>
        {
            if (isGroup)
            {
                var ops = app.MapGroup("").RequireAuthorization(Tokens.Policy);
                ops.MapRoutingEndpoints("/db");
                ops.MapRoutingMetrics();
                ops.MapRoutingDashboard();
            }
            else
            {
                app.MapRoutingEndpoints("/db").RequireAuthorization(Tokens.Policy);
                app.MapRoutingMetrics().RequireAuthorization(Tokens.Policy);
                app.MapRoutingDashboard().RequireAuthorization(Tokens.Policy);
            }
        });

        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/db/health")).StatusCode);
        foreach (var path in Closed)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.GetAsync(path)).StatusCode);
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Tokens.Policy);
            Assert.Equal(HttpStatusCode.OK, (await host.Client.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task Metadata_that_bring_their_requirements_are_authorization()
    {
        await using var host = await WebHost.StartAsync(cluster.Nodes, Tokens.Add, static app =>
        {
            var ops = app.MapGroup("").WithMetadata(new Operators());
            ops.MapRoutingEndpoints("/db");
            ops.MapRoutingMetrics();
            ops.MapRoutingDashboard();
        });

        foreach (var path in Closed)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("somebody")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(Tokens.Policy)).StatusCode);

            Task<HttpResponseMessage> GetAsync(string role)
            {
                var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", role);
                return host.Client.SendAsync(request);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fallback_policy_and_requirements_hold_without_the_middleware_that_would_apply_them(bool isFallback)
    {
        // The mark that authorization is applied, by somebody who doesn't.
        using var host = Classic(
            options => options.FallbackPolicy = isFallback ? new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build() : null,
            static app => app.Properties["__AuthorizationMiddlewareSet"] = true,
            endpoints =>
            {
                var group = endpoints.MapGroup("");
                if (!isFallback)
                    group.WithMetadata(new Operators());
                group.MapRoutingEndpoints("/db");
                group.MapRoutingMetrics();
                group.MapRoutingDashboard();
            });
        await host.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/db/health")).StatusCode);
        Assert.All(await Task.WhenAll(Closed.Select(path => client.GetAsync(path))), static answer => Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode));
        Assert.Equal(HttpStatusCode.InternalServerError, (await client.PostAsync("/db/test-connection", null)).StatusCode);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("MapRoutingEndpoints")]
    [InlineData("MapRoutingMetrics")]
    [InlineData("MapRoutingDashboard")]
    public async Task Without_UseAuthorization_the_application_does_not_start_and_says_what_to_do(string method)
    {
        // Nothing said, a policy, and one of a group: neither could be applied.
        foreach (var said in new[] { 0, 1, 2 })
        {
            using var host = Classic(static _ => { }, static _ => { }, endpoints =>
            {
                var group = endpoints.MapGroup("");
                if (said == 2)
                    group.RequireAuthorization(Tokens.Policy);
                Map(group, method, options => options.AuthorizationPolicy = said == 1 ? Tokens.Policy : null);
            });
            var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
            Assert.Contains($"{method}: nothing applies the authorization policy. Call app.UseAuthorization()", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("MapRoutingEndpoints")]
    [InlineData("MapRoutingMetrics")]
    [InlineData("MapRoutingDashboard")]
    public async Task With_it_or_opened_by_name_it_starts_and_without_a_policy_it_does_not(string method)
    {
        using (var closed = Classic(static _ => { }, static app => app.UseAuthorization(), endpoints => Map(endpoints, method, static options => options.AuthorizationPolicy = Tokens.Policy)))
            await closed.StartAsync();
        using (var opened = Classic(static _ => { }, static _ => { }, endpoints => Map(endpoints, method, static options => options.AllowAnonymous = true)))
            await opened.StartAsync();
        using var unsaid = Classic(static _ => { }, static app => app.UseAuthorization(), endpoints => Map(endpoints, method, static _ => { }));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => unsaid.StartAsync());
        Assert.Contains($"{method}: no authorization policy is set.", failure.Message, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("MapRoutingEndpoints", "/ops/db/")]
    [InlineData("MapRoutingMetrics", "/ops/metrics")]
    [InlineData("MapRoutingDashboard", "/ops/routing")]
    public async Task A_group_that_is_open_opens_nothing_that_a_policy_is_asked_for(string method, string endpoint)
    {
        // By name, on the group itself, and by metadata that bring their requirements.
        foreach (var said in new[] { 0, 1, 2 })
        {
            await using var app = WebHost.Build(cluster.Nodes, Tokens.Add, app =>
            {
                var group = app.MapGroup("/ops").AllowAnonymous();
                if (said == 1)
                    group.RequireAuthorization(Tokens.Policy);
                if (said == 2)
                    group.WithMetadata(new Operators());
                Map(group, method, options => options.AuthorizationPolicy = said == 0 ? Tokens.Policy : null);
            });
            var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync());
            Assert.Contains($"{method}: a policy and AllowAnonymous() are both said of", failure.Message, StringComparison.Ordinal);
            Assert.Contains(endpoint, failure.Message, StringComparison.Ordinal);
            Assert.Contains("Take AllowAnonymous() from it and the groups that it is in, or set AllowAnonymous", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_group_that_is_open_opens_what_nobody_asks_a_policy_for(bool isOption)
    {
        await using var host = await WebHost.StartAsync(cluster.Nodes, Tokens.Add, app =>
        {
            var group = app.MapGroup("");
            if (isOption)
                group.RequireAuthorization(Tokens.Policy);
            else
                group.AllowAnonymous();
            foreach (var method in new[] { "MapRoutingEndpoints", "MapRoutingMetrics", "MapRoutingDashboard" })
                Map(group, method, options => options.AllowAnonymous = isOption);
        });

        foreach (var path in Closed)
            Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await host.Client.PostAsync("/metrics", null)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await host.Client.PostAsync("/routing/state", null)).StatusCode);
    }

    [Fact]
    public async Task Closed_by_name_they_tell_anybody_the_right_methods_and_health()
    {
        await using var host = await WebHost.StartAsync(cluster.Nodes, Tokens.Add, static app =>
        {
            foreach (var method in new[] { "MapRoutingEndpoints", "MapRoutingMetrics", "MapRoutingDashboard" })
                Map(app, method, static options => options.AuthorizationPolicy = Tokens.Policy);
        });

        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/db/health")).StatusCode);
        foreach (var path in Closed)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await host.Client.PostAsync(path, null)).StatusCode);
        }
    }

    private static void Map(IEndpointRouteBuilder endpoints, string method, Action<RoutingAccessOptions> configure) => _ = method switch
    {
        "MapRoutingEndpoints" => endpoints.MapRoutingEndpoints("/db", configure),
        "MapRoutingMetrics" => endpoints.MapRoutingMetrics(configure: configure),
        _ => endpoints.MapRoutingDashboard(configure: configure),
    };

    // As applications are built that have no WebApplication.
    private IHost Classic(Action<AuthorizationOptions> authorization, Action<IApplicationBuilder> between, Action<IEndpointRouteBuilder> map) => new HostBuilder()
        .ConfigureWebHost(web => web
            .UseKestrel()
            .UseUrls("http://127.0.0.1:0")
            .ConfigureServices(services =>
            {
                services.AddRouting();
                services.AddAuthorization(options =>
                {
                    options.AddPolicy(Tokens.Policy, static policy => policy.RequireRole(Tokens.Policy));
                    authorization(options);
                });
                services.AddRoutedDataSource(options => options.Primary = cluster.Nodes.Primary.ConnectionString);
            })
            .Configure(app =>
            {
                app.UseRouting();
                between(app);
                app.UseEndpoints(map);
            }))
        .Build();

    private string Map(Action<WebApplicationBuilder>? services, Action<RoutingEndpointOptions>? configure = null) =>
        Assert.Throws<InvalidOperationException>(() => WebHost.Build(cluster.Nodes, services, app => app.MapRoutingEndpoints("/db", configure))).Message;

    private sealed class Operators : IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new RolesAuthorizationRequirement([Tokens.Policy])];
    }
}
