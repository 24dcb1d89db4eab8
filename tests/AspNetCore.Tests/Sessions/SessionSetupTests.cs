using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Sessions;

/// <summary>What can't work doesn't start, and says why.</summary>
public sealed class SessionSetupTests(WebCluster cluster)
{
    [Fact]
    public void Without_data_protection()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Build(null, protect: false));
        Assert.Contains("Call builder.Services.AddDataProtection()", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_way_to_the_client()
    {
        var failure = Assert.Throws<ArgumentException>(() => Build(static options => options.UseCookie = false));
        Assert.Contains("Set UseCookie or HeaderName", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_data_source_that_is_named()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Build(static options => options.ServiceKey = "ledger"));
        Assert.Contains("UseRoutingSession: no data source is registered with the key 'ledger'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_tokens_that_expire_before_replicas_have_caught_up()
    {
        await using var app = Build(static options => options.TokenLifetime = TimeSpan.FromSeconds(5));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync());
        Assert.Contains("the TokenLifetime of 5 s isn't longer than the LagThreshold of 5 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_times_that_no_timer_takes()
    {
        var failure = Assert.Throws<ArgumentException>(() => Build(static options => options.ExportTimeout = TimeSpan.FromDays(60)));
        Assert.Contains("ExportTimeout must be more than zero and at most a day", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("header", "'x-session'")]
    [InlineData("cookie", "'Session'")]
    public async Task With_two_sessions_whose_tokens_travel_in_one_place(string place, string named)
    {
        await using var app = Build(Here);
        var failure = Assert.Throws<InvalidOperationException>(() => app.UseRoutingSession(There));
        Assert.Contains($"another session's tokens travel in the {place} {named} already", failure.Message, StringComparison.Ordinal);

        // What the branches of a pipeline do is no concern of each other's.
        await using var branched = Build(null, use: false);
        branched.Map("/here", static branch => branch.UseRoutingSession(static options => options.HeaderName = "X-Session"));
        branched.Map("/there", static branch => branch.UseRoutingSession(static options => options.HeaderName = "X-Session"));

        void Here(RoutingSessionOptions options) => (options.HeaderName, options.Cookie.Name) = ("X-Session", "Session");
        void There(RoutingSessionOptions options)
        {
            (options.UseCookie, options.HeaderName) = place == "header" ? (false, "x-session") : (true, null);
            options.Cookie.Name = "Session";
        }
    }

    private WebApplication Build(Action<RoutingSessionOptions>? configure, bool protect = true, bool use = true) => WebHost.Build(
        cluster.Nodes,
        builder =>
        {
            if (protect)
                builder.Services.AddDataProtection();
        },
        app =>
        {
            if (use)
                app.UseRoutingSession(configure);
        });
}
