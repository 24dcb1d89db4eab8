using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;

namespace CompileTimeRouting.AspNetCore.Tests.Dashboard;

/// <summary>What the dashboard's page is made of, and who may see it.</summary>
public sealed class DashboardEndpointTests(WebCluster cluster)
{
    private static readonly string[] Parts = ["/routing", "/routing/dashboard.css", "/routing/dashboard.js", "/routing/state", "/routing/routes"];

    [Fact]
    public void Without_authorization_mapping_fails_and_says_what_to_do()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => WebHost.Build(cluster.Nodes, null, static app => app.MapRoutingDashboard())).Message;
        Assert.Contains("MapRoutingDashboard: the application has no authorization. Call builder.Services.AddAuthorization(...)", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_part_asks_for_the_policy()
    {
        await using var host = await WebHost.StartAsync(cluster.Nodes, Tokens.Add, static app => app.MapRoutingDashboard(configure: static options => options.AuthorizationPolicy = Tokens.Policy));
        foreach (var path in Parts)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(host, path, "guest")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(host, path, Tokens.Policy)).StatusCode);
        }
    }

    [Fact]
    public async Task It_changes_nothing()
    {
        await using var host = await StartAsync();
        foreach (var path in Parts)
        {
            var refusal = await host.Client.PostAsync(path, null);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, refusal.StatusCode);
            Assert.Equal(["GET", "HEAD"], refusal.Content.Headers.Allow);
            Assert.Equal("application/problem+json", refusal.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Page_needs_nothing_inline_and_nothing_from_elsewhere()
    {
        await using var host = await StartAsync();
        var response = await host.Client.GetAsync("/routing");
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        var page = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.Contains("href=\"./routing/dashboard.css\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"dashboard.css\"", await host.Client.GetStringAsync("/routing/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_is_escaped()
    {
        await using var host = await WebHost.StartAsync(cluster.Nodes, null, static app => app.MapRoutingDashboard("/{name}", static options => options.AllowAnonymous = true));
        var page = await host.Client.GetStringAsync("/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("href=\"./%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E/dashboard.css\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_kind_of_change_has_its_words()
    {
        await using var host = await StartAsync();
        var script = await host.Client.GetStringAsync("/routing/dashboard.js");
        Assert.All(Enum.GetNames<ClusterChangeKind>(), kind => Assert.Contains($"    {kind}: (", script, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_browser_that_has_a_file_is_told_so()
    {
        await using var host = await StartAsync();
        var first = await host.Client.GetAsync("/routing/dashboard.js");
        var again = new HttpRequestMessage(HttpMethod.Get, "/routing/dashboard.js");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await host.Client.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task State_counts_reads_and_writes_by_node_and_names_no_host()
    {
        await using var host = await StartAsync();
        var notes = new NoteBook(host.Db);
        var before = await StateAsync(host);
        for (var i = 0; i < 20; i++)
            await notes.CountAsync();
        await notes.AddAsync("dashboard");

        var state = await StateAsync(host);
        Assert.Equal("Healthy", state.GetProperty("status").GetString());
        Assert.Equal("primary", state.GetProperty("primary").GetString());
        Assert.Equal([10, 10], Counts(state, "reads").Zip(Counts(before, "reads"), static (now, then) => now - then).Skip(1));
        Assert.Equal(1, Counts(state, "writes")[0] - Counts(before, "writes")[0]);
        Assert.All(state.GetProperty("nodes").EnumerateArray(), static node => Assert.Equal("Up", node.GetProperty("state").GetString()));
        Assert.DoesNotContain(cluster.Nodes.Primary.Host, state.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hosts_are_named_where_that_is_said()
    {
        await using var host = await StartAsync(includeHosts: true);
        Assert.Equal(cluster.Nodes.Primary.Port, (await StateAsync(host)).GetProperty("nodes")[0].GetProperty("port").GetInt32());
    }

    [Fact]
    public async Task Routes_are_those_of_the_manifest()
    {
        await using var host = await StartAsync();
        var routes = (await host.Client.GetFromJsonAsync<JsonElement>("/routing/routes")).EnumerateArray()
            .Where(static route => route.GetProperty("name").GetString()!.Contains(nameof(NoteBook), StringComparison.Ordinal)).Select(static route => route.ToString());
        Assert.Equal(
            [
                Route("AddAsync", """ "is_read":false,"consistency":"Eventual","max_lag_seconds":0,"group":null,"transaction":true,"serialization_retries":3,"retry":true,"leaves_session_clean":false,"reads":"","writes":"notes" """),
                Route("CountAsync", """ "is_read":true,"consistency":"Eventual","max_lag_seconds":0,"group":null,"transaction":false,"serialization_retries":0,"retry":true,"leaves_session_clean":true,"reads":"notes","writes":"" """),
                Route("LongestAsync", """ "is_read":true,"consistency":"BoundedStaleness","max_lag_seconds":2.5,"group":"\u003Cb\u003Eanalytics\u003C/b\u003E","transaction":false,"serialization_retries":0,"retry":false,"leaves_session_clean":false,"reads":"public.notes","writes":"" """),
            ],
            routes);
    }

    private static string Route(string name, string rest) => $"{{\"name\":\"CompileTimeRouting.AspNetCore.Tests.Dashboard.NoteBook.{name}\",{rest.Trim()}}}";

    private static long[] Counts(JsonElement state, string name) => [.. state.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty(name).GetInt64())];

    private static Task<JsonElement> StateAsync(WebHost host) => host.Client.GetFromJsonAsync<JsonElement>("/routing/state");

    private static Task<HttpResponseMessage> SendAsync(WebHost host, string path, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return host.Client.SendAsync(request);
    }

    private Task<WebHost> StartAsync(bool includeHosts = false) => WebHost.StartAsync(
        cluster.Nodes, null, app => app.MapRoutingDashboard(configure: options => (options.AllowAnonymous, options.IncludeHosts) = (true, includeHosts)));
}
