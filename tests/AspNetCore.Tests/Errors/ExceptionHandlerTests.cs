using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using CompileTimeRouting.AspNetCore.Tests.Sessions;
using CompileTimeRouting.DevCluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CompileTimeRouting.AspNetCore.Tests.Errors;

/// <summary>What callers hear while no server may serve them.</summary>
public sealed class ExceptionHandlerTests(WebCluster shared)
{
    private static Task<WebHost> StartAsync(
        PostgresCluster cluster, Action<RoutingExceptionHandlerOptions>? configure = null, Action<WebApplication>? more = null, Action<RoutingOptions>? routing = null) =>
        WebHost.StartAsync(
            cluster,
            builder =>
            {
                builder.Services.AddProblemDetails();
                builder.Services.AddSingleton<Notes>();
                builder.Services.AddRoutingExceptionHandler(configure);
            },
            app =>
            {
                app.UseExceptionHandler();
                app.MapGet("/notes/{text}", static (Notes notes, string text) => notes.FindEventuallyAsync(text));
                more?.Invoke(app);
            },
            routing);

    [Fact]
    public async Task Without_a_primary_a_write_is_answered_with_when_to_try_again()
    {
        await using var cluster = await WebCluster.StartAsync(replicas: 1);
        await using var host = await StartAsync(
            cluster,
            static options => options.RetryAfter = TimeSpan.FromSeconds(6.5),
            static app =>
            {
                app.MapPost("/notes/{text}", static (Notes notes, string text) => notes.AddAsync(text));
                app.MapPost("/wrapped/{text}", static async (Notes notes, string text) =>
                {
                    try
                    {
                        await notes.AddAsync(text);
                    }
                    catch (PrimaryUnavailableException e)
                    {
                        throw new InvalidOperationException("The note could not be kept.", e);
                    }
                });
                app.MapPost("/failing", static () => { throw new InvalidOperationException("no business of the database"); });
            });
        Assert.Equal(HttpStatusCode.OK, (await host.Client.PostAsync("/notes/before", null)).StatusCode);

        await cluster.Primary.KillAsync();
        await Waiting.UntilAsync(() => host.Db.GetSnapshot().Primary is null, "the primary is known to be gone");

        foreach (var path in new[] { "/notes/after", "/wrapped/after" })
        {
            var response = await host.Client.PostAsync(path, null);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(503, problem.GetProperty("status").GetInt32());
            Assert.Equal("No database server takes writes at the moment.", problem.GetProperty("detail").GetString());
            Assert.DoesNotContain(cluster.Primary.Host, problem.GetRawText(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/notes/before")).StatusCode);
        var other = await host.Client.PostAsync("/failing", null);
        Assert.Equal(HttpStatusCode.InternalServerError, other.StatusCode);
        Assert.Null(other.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_read_that_is_refused_to_spare_the_primary_is_answered_so_too()
    {
        await using var cluster = await WebCluster.StartAsync(replicas: 1);
        await using var host = await StartAsync(cluster, routing: static options => options.PrimaryReadLimit = 0);

        await cluster.Replicas[0].KillAsync();
        await Waiting.UntilAsync(() => host.Db.GetSnapshot().Nodes[1].State == NodeState.Down, "the replica is known to be gone");

        var response = await host.Client.GetAsync("/notes/any");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("The database serves as many reads as it can at the moment.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_call_that_every_node_failed_is_answered_so_too()
    {
        await using var host = await StartAsync(static options =>
        {
            options.Primary += ";Maximum Pool Size=1;Timeout=1";
            options.PrimaryReadLimit = 100;
            foreach (var replica in options.Replicas)
                replica.ConnectionString += ";Maximum Pool Size=1;Timeout=1";
        });
        Assert.Equal(HttpStatusCode.OK, (await host.Client.PostAsync("/notes/served", null)).StatusCode);

        // All connections are on loan: nothing is wrong with the call, nor with the application.
        await using var writing = await host.Db.OpenWriteAsync();
        await using var one = await host.Db.OpenReadAsync();
        await using var two = await host.Db.OpenReadAsync();
        await using var three = await host.Db.OpenReadAsync(new ReadRoute("Strong", ReadConsistency.Strong));
        foreach (var answering in new[] { host.Client.PostAsync("/notes/refused", null), host.Client.GetAsync("/notes/served") })
        {
            var response = await answering;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("No database server could serve this at the moment.", problem.GetProperty("detail").GetString());
            Assert.DoesNotContain(shared.Nodes.Primary.Host, problem.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task One_that_is_refused_for_good_stays_an_error()
    {
        var password = new NpgsqlConnectionStringBuilder(shared.Nodes.Primary.ConnectionString).Password;
        await ExecuteAsync($"create role passer_by login password '{password}'; grant insert, select on notes to passer_by");
        try
        {
            await using var host = await StartAsync(static options =>
            {
                options.Primary = new NpgsqlConnectionStringBuilder(options.Primary) { Username = "passer_by" }.ConnectionString;
                options.Replicas = [];
            });
            await ExecuteAsync("alter role passer_by nologin");

            var response = await host.Client.PostAsync("/notes/refused", null);
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
            Assert.Null(response.Headers.RetryAfter);
            var failed = Assert.IsType<RoutedCallException>(host.App.Services.GetRequiredService<Unhandled>().Last);
            Assert.All(failed.Attempts, static attempt => Assert.Equal(PostgresErrorCodes.InvalidAuthorizationSpecification, attempt.SqlState));
        }
        finally
        {
            await ExecuteAsync("revoke all on notes from passer_by; drop role passer_by");
        }
    }

    [Fact]
    public async Task So_does_one_that_may_have_written()
    {
        await using var host = await StartAsync(static _ => { });

        var response = await host.Client.PostAsync("/broken-off/at the second attempt", null);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
        var failed = Assert.IsType<RoutedCallException>(host.App.Services.GetRequiredService<Unhandled>().Last);
        Assert.True(failed.MayHaveWritten);

        // Everything else about it would make it one to be tried again.
        Assert.Equal([PostgresErrorCodes.SerializationFailure, PostgresErrorCodes.AdminShutdown], failed.Attempts.Select(static a => a.SqlState!));
    }

    [Fact]
    public void A_time_out_of_its_range_is_refused() =>
        Assert.Throws<ArgumentException>(static () => new ServiceCollection().AddRoutingExceptionHandler(static options => options.RetryAfter = TimeSpan.Zero));

    private Task<WebHost> StartAsync(Action<RoutingOptions> routing) => WebHost.StartAsync(
        shared.Nodes,
        static builder =>
        {
            builder.Services.AddProblemDetails();
            builder.Services.AddSingleton<Notes>();
            builder.Services.AddRoutingExceptionHandler();
            builder.Services.AddSingleton<Unhandled>();
            builder.Services.AddSingleton<IExceptionHandler>(static services => services.GetRequiredService<Unhandled>());
        },
        static app =>
        {
            app.UseExceptionHandler();
            app.MapPost("/notes/{text}", static (Notes notes, string text) => notes.AddAsync(text));
            app.MapGet("/notes/{text}", static (Notes notes, string text) => notes.FindEventuallyAsync(text));
            app.MapPost("/broken-off/{text}", static (RoutedDataSource db, string text) => new BrokenOffWrites(db).AddAsync(new Counter(), text));
        },
        routing);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(shared.Nodes.Primary.AdminConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    // Asked after the one before it has left the exception alone.
    private sealed class Unhandled : IExceptionHandler
    {
        public Exception? Last { get; private set; }

        public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            Last = exception;
            return new(false);
        }
    }
}

/// <summary>Writes whose first attempt is a conflict, and whose second one the server breaks off.</summary>
internal sealed partial class BrokenOffWrites(RoutedDataSource db)
{
    [WriteCommand(Transaction = true, SerializationRetries = 1)]
    public static async Task AddAsync(NpgsqlConnection connection, Counter attempts, string text)
    {
        await using var insert = new NpgsqlCommand("insert into notes (text) values ($1)", connection) { Parameters = { new() { Value = text } } };
        await insert.ExecuteNonQueryAsync();
        await using var end = new NpgsqlCommand(
            attempts.Next() == 1 ? "do $$ begin raise exception sqlstate '40001'; end $$" : "select pg_terminate_backend(pg_backend_pid())", connection);
        await end.ExecuteNonQueryAsync();
    }
}

internal sealed class Counter
{
    private int _count;

    public int Next() => ++_count;
}
