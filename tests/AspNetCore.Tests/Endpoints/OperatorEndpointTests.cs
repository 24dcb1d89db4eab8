using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Endpoints;

public sealed partial class OperatorEndpointTests(WebCluster cluster)
{
    private const string Base = "/api/v2/database";

    [Fact]
    public async Task Health_is_open_and_has_exactly_the_names_that_tools_read()
    {
        await using var host = await StartAsync();

        var response = await host.Client.GetAsync($"{Base}/health");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var health = await JsonAsync(response);
        Assert.Equal(["overall_healthy", "primary", "replicas", "timestamp", "read_replicas_enabled"], Names(health));
        Assert.True(health.GetProperty("overall_healthy").GetBoolean());
        Assert.True(health.GetProperty("read_replicas_enabled").GetBoolean());
        Assert.Matches(Iso8601Utc(), health.GetProperty("timestamp").GetString());
        string[] node = ["name", "healthy", "response_time_ms", "pool_size", "checked_out"];
        var primary = health.GetProperty("primary");
        Assert.Equal(node, Names(primary));
        Assert.Equal("primary", primary.GetProperty("name").GetString());
        Assert.True(primary.GetProperty("response_time_ms").GetDouble() > 0);
        var replicas = health.GetProperty("replicas").EnumerateArray().ToList();
        Assert.Equal(["replica-1", "replica-2"], replicas.Select(static r => r.GetProperty("name").GetString()));
        Assert.All(replicas, replica => Assert.Equal(node, Names(replica)));
        Assert.All(replicas, static replica => Assert.True(replica.GetProperty("healthy").GetBoolean()));
    }

    [Fact]
    public async Task Pool_metrics_count_connections_by_server()
    {
        await using var host = await StartAsync(routing: static options =>
        {
            options.ReplicaPool = new PoolOptions { Size = 2, MaxOverflow = 3 };
            options.StartupCheck = StartupCheck.Strict;
        });
        await using var one = await host.Db.OpenNodeAsync("replica-1");
        await using var two = await host.Db.OpenNodeAsync("replica-1");
        await using var three = await host.Db.OpenNodeAsync("replica-1");

        var metrics = await GetAsync(host, "pool-metrics");

        Assert.Equal(["primary", "replicas", "timestamp", "total_databases"], Names(metrics));
        Assert.Equal(3, metrics.GetProperty("total_databases").GetInt32());
        var replica = metrics.GetProperty("replicas")[0];
        Assert.Equal(["name", "pool_size", "checked_in", "checked_out", "overflow", "utilization_percent"], Names(replica));
        Assert.Equal("replica-1", replica.GetProperty("name").GetString());
        Assert.Equal(2, replica.GetProperty("pool_size").GetInt32());
        Assert.Equal(3, replica.GetProperty("checked_out").GetInt32());
        Assert.Equal(60, replica.GetProperty("utilization_percent").GetDouble());
        Assert.True(replica.GetProperty("overflow").GetInt32() >= 1);
        Assert.Equal(0, metrics.GetProperty("primary").GetProperty("checked_out").GetInt32());
    }

    [Fact]
    public async Task Replica_lag_is_told_by_replica()
    {
        await using var host = await StartAsync(routing: static options => options.LagThreshold = TimeSpan.FromSeconds(7));
        await Waiting.UntilAsync(async () => (await GetAsync(host, "replica-lag")).GetProperty("replicas").EnumerateArray().All(static r => r.GetProperty("lag_seconds").ValueKind == JsonValueKind.Number), "the lag is known");

        var lag = await GetAsync(host, "replica-lag");

        Assert.Equal(["read_replicas_enabled", "replica_count", "lag_threshold_seconds", "replicas", "overall_healthy"], Names(lag));
        Assert.True(lag.GetProperty("read_replicas_enabled").GetBoolean());
        Assert.True(lag.GetProperty("overall_healthy").GetBoolean());
        Assert.Equal(7, lag.GetProperty("lag_threshold_seconds").GetDouble());
        Assert.Equal(2, lag.GetProperty("replica_count").GetInt32());
        var replica = lag.GetProperty("replicas")[0];
        Assert.Equal(["replica_name", "lag_seconds", "healthy", "last_checked"], Names(replica));
        Assert.Equal("replica-1", replica.GetProperty("replica_name").GetString());
        Assert.Matches(Iso8601Utc(), replica.GetProperty("last_checked").GetString());
    }

    [Theory]
    [InlineData("", "all", "primary:primary,replica:replica-1,replica:replica-2")]
    [InlineData("?database_type=all", "all", "primary:primary,replica:replica-1,replica:replica-2")]
    [InlineData("?database_type=primary", "primary", "primary:primary")]
    [InlineData("?database_type=replica", "replica", "replica:replica-1,replica:replica-2")]
    public async Task A_connection_test_asks_the_servers_that_are_named(string query, string type, string expected)
    {
        await using var host = await StartAsync();

        var response = await SendAsync(host, HttpMethod.Post, $"test-connection{query}", Tokens.Policy);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await JsonAsync(response);
        Assert.Equal(["database_type", "success", "results", "timestamp"], Names(answer));
        Assert.Equal(type, answer.GetProperty("database_type").GetString());
        Assert.True(answer.GetProperty("success").GetBoolean());
        var results = answer.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(expected, string.Join(',', results.Select(static r => $"{r.GetProperty("database_type").GetString()}:{r.GetProperty("name").GetString()}")));
        Assert.All(results, static r => Assert.True(r.GetProperty("response_time_ms").GetDouble() > 0));
    }

    [Fact]
    public async Task A_connection_test_of_no_server_has_failed()
    {
        await using var host = await StartAsync(routing: static options => options.Replicas.Clear());

        var response = await SendAsync(host, HttpMethod.Post, "test-connection?database_type=replica", Tokens.Policy);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var answer = await JsonAsync(response);
        Assert.False(answer.GetProperty("success").GetBoolean());
        Assert.Equal(0, answer.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public void A_time_out_that_no_timer_takes_is_refused()
    {
        var failure = Assert.Throws<ArgumentException>(() => WebHost.Build(cluster.Nodes, null, static app => app.MapRoutingEndpoints(Base, static options =>
            (options.AllowAnonymous, options.TestTimeout) = (true, TimeSpan.FromDays(60)))));
        Assert.Contains("TestTimeout must be more than zero and at most a day", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?database_type=secondary")]
    [InlineData("?database_type=")]
    [InlineData("?database_type=ALL")]
    [InlineData("?database_type=primary&database_type=replica")]
    public async Task A_malformed_database_type_is_a_bad_request_that_names_the_words(string query)
    {
        await using var host = await StartAsync();

        var response = await SendAsync(host, HttpMethod.Post, $"test-connection{query}", Tokens.Policy);

        var problem = await ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains("one of all, primary and replica", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "health", "GET, HEAD")]
    [InlineData("DELETE", "pool-metrics", "GET, HEAD")]
    [InlineData("PUT", "replica-lag", "GET, HEAD")]
    [InlineData("GET", "test-connection", "POST")]
    public async Task A_wrong_method_is_refused_with_the_right_ones(string method, string path, string allowed)
    {
        await using var host = await StartAsync();

        var response = await SendAsync(host, new HttpMethod(method), path, Tokens.Policy);

        await ProblemAsync(response, HttpStatusCode.MethodNotAllowed);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("GET", "pool-metrics")]
    [InlineData("GET", "replica-lag")]
    [InlineData("POST", "test-connection")]
    public async Task Without_a_token_or_with_a_wrong_one_nothing_is_told(string method, string path)
    {
        await using var host = await StartAsync();

        var without = await SendAsync(host, new HttpMethod(method), path, token: null);
        var wrong = await SendAsync(host, new HttpMethod(method), path, "visitor");

        await ProblemAsync(without, HttpStatusCode.Unauthorized);
        await ProblemAsync(wrong, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_head_request_has_the_status_alone()
    {
        await using var host = await StartAsync();

        var response = await SendAsync(host, HttpMethod.Head, "health", token: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Addresses_are_told_where_that_is_asked_for_and_credentials_never()
    {
        var password = new Npgsql.NpgsqlConnectionStringBuilder(cluster.Nodes.Primary.ConnectionString).Password!;
        await using var host = await StartAsync();
        await using var open = await StartAsync(static options => options.IncludeHosts = true);

        var closedText = await host.Client.GetStringAsync($"{Base}/health");
        var health = await GetAsync(open, "health");

        Assert.DoesNotContain("127.0.0.1", closedText, StringComparison.Ordinal);
        Assert.DoesNotContain("\"port\"", closedText, StringComparison.Ordinal);
        Assert.Equal(cluster.Nodes.Primary.Port, health.GetProperty("primary").GetProperty("port").GetInt32());
        Assert.Equal(cluster.Nodes.Primary.Host, health.GetProperty("primary").GetProperty("host").GetString());
        foreach (var path in new[] { "health", "pool-metrics", "replica-lag" })
            Assert.DoesNotContain(password, (await GetAsync(open, path)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_read_replicas_switched_off_the_primary_is_all_there_is()
    {
        await using var host = await StartAsync(routing: static options => options.EnableReadReplicas = false);

        var health = await GetAsync(host, "health");

        Assert.False(health.GetProperty("read_replicas_enabled").GetBoolean());
        Assert.True(health.GetProperty("overall_healthy").GetBoolean());
        Assert.Equal(0, health.GetProperty("replicas").GetArrayLength());
    }

    [Fact]
    public async Task Servers_that_nobody_has_asked_yet_are_asked_then()
    {
        await using var host = await StartAsync(routing: static options => options.StartupCheck = StartupCheck.Off);

        var health = await GetAsync(host, "health");

        Assert.True(health.GetProperty("overall_healthy").GetBoolean());
    }

    [Fact]
    public async Task A_data_source_with_a_key_is_named_by_it()
    {
        await using var host = await WebHost.StartAsync(
            cluster.Nodes,
            builder => builder.Services.AddKeyedRoutedDataSource("orders", options => options.Primary = cluster.Nodes.Primary.ConnectionString),
            static app =>
            {
                app.MapRoutingEndpoints(Base, static options => options.AllowAnonymous = true);
                app.MapRoutingEndpoints("/orders", static options =>
                {
                    options.AllowAnonymous = true;
                    options.ServiceKey = "orders";
                });
            });

        Assert.Equal("primary", (await GetAsync(host, "health")).GetProperty("primary").GetProperty("name").GetString());
        var orders = await host.Client.GetFromJsonAsync<JsonElement>("/orders/pool-metrics");
        Assert.Equal("orders:primary", orders.GetProperty("primary").GetProperty("name").GetString());
    }

    [Fact]
    public async Task They_are_described()
    {
        await using var host = await WebHost.StartAsync(
            cluster.Nodes,
            static builder =>
            {
                Tokens.Add(builder);
                builder.Services.AddOpenApi();
            },
            static app =>
            {
                app.MapOpenApi();
                app.MapRoutingEndpoints(Base, static options => options.AuthorizationPolicy = Tokens.Policy);
            });

        var document = await host.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        var paths = document.GetProperty("paths");
        Assert.Equal([$"{Base}/health", $"{Base}/pool-metrics", $"{Base}/replica-lag", $"{Base}/test-connection"], Names(paths).Order(StringComparer.Ordinal));
        Assert.Equal(["get"], Names(paths.GetProperty($"{Base}/health")));
        var health = paths.GetProperty($"{Base}/health").GetProperty("get");
        Assert.Equal(["200", "503"], Names(health.GetProperty("responses")).Order(StringComparer.Ordinal));
        Assert.Equal(["200", "401", "403"], Names(paths.GetProperty($"{Base}/replica-lag").GetProperty("get").GetProperty("responses")).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["getApiV2DatabaseHealth", "getApiV2DatabasePoolMetrics", "getApiV2DatabaseReplicaLag", "postApiV2DatabaseTestConnection"],
            paths.EnumerateObject().SelectMany(static path => path.Value.EnumerateObject()).Select(static operation => operation.Value.GetProperty("operationId").GetString()).Order(StringComparer.Ordinal));
        Assert.False(string.IsNullOrEmpty(health.GetProperty("summary").GetString()));
        var test = paths.GetProperty($"{Base}/test-connection").GetProperty("post");
        var parameter = Assert.Single(test.GetProperty("parameters").EnumerateArray());
        Assert.Equal("database_type", parameter.GetProperty("name").GetString());
        Assert.Equal("query", parameter.GetProperty("in").GetString());
        Assert.False(parameter.TryGetProperty("required", out var required) && required.GetBoolean());
        Assert.Equal(["200", "400", "401", "403", "503"], Names(test.GetProperty("responses")).Order(StringComparer.Ordinal));
        foreach (var refusal in new[] { "400", "401", "403" })
            Assert.Equal("#/components/schemas/ProblemDetails", Content(test, refusal).GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString());
        var schemas = document.GetProperty("components").GetProperty("schemas");
        var word = parameter.GetProperty("schema");
        if (word.TryGetProperty("$ref", out _))
            word = schemas.GetProperty("DatabaseType");
        Assert.True(word.TryGetProperty("enum", out var words), document.GetRawText());
        Assert.Equal(["all", "primary", "replica"], words.EnumerateArray().Select(static each => each.GetString()));
        Assert.Equal(["overall_healthy", "primary", "replicas", "timestamp", "read_replicas_enabled"], Names(schemas.GetProperty("HealthAnswer").GetProperty("properties")));
    }

    [Fact]
    public async Task Without_problem_details_a_refusal_is_described_without_a_body_as_it_is_sent()
    {
        await using var host = await WebHost.StartAsync(
            cluster.Nodes,
            static builder =>
            {
                Tokens.AddWithoutProblemDetails(builder);
                builder.Services.AddOpenApi();
            },
            static app =>
            {
                app.MapOpenApi();
                app.MapRoutingEndpoints(Base, static options => options.AuthorizationPolicy = Tokens.Policy);
            });

        var refused = await SendAsync(host, HttpMethod.Get, "pool-metrics", "visitor");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Empty(await refused.Content.ReadAsByteArrayAsync());
        var document = await host.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var operation = document.GetProperty("paths").GetProperty($"{Base}/pool-metrics").GetProperty("get");
        Assert.Equal(["200", "401", "403"], Names(operation.GetProperty("responses")).Order(StringComparer.Ordinal));
        Assert.False(operation.GetProperty("responses").GetProperty("403").TryGetProperty("content", out _));
    }

    private static JsonElement Content(JsonElement operation, string status) => operation.GetProperty("responses").GetProperty(status).GetProperty("content");

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")]
    private static partial Regex Iso8601Utc();

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(static p => p.Name)];

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonElement>())!;

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await JsonAsync(response);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("title").GetString()));
        return problem;
    }

    private static async Task<JsonElement> GetAsync(WebHost host, string path)
    {
        var response = await SendAsync(host, HttpMethod.Get, path, Tokens.Policy);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await JsonAsync(response);
    }

    private static Task<HttpResponseMessage> SendAsync(WebHost host, HttpMethod method, string path, string? token)
    {
        var request = new HttpRequestMessage(method, $"{Base}/{path}");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return host.Client.SendAsync(request);
    }

    private Task<WebHost> StartAsync(Action<AspNetCore.RoutingEndpointOptions>? configure = null, Action<RoutingOptions>? routing = null) => WebHost.StartAsync(
        cluster.Nodes,
        Tokens.Add,
        app =>
        {
            // In this order: the bodies of refusals are written by the first one.
            app.UseStatusCodePages();
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapRoutingEndpoints(Base, options =>
            {
                options.AuthorizationPolicy = Tokens.Policy;
                configure?.Invoke(options);
            });
        },
        routing);
}
