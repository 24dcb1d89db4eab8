using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.AspNetCore.Tests.Sessions;

/// <summary>A client reads what it wrote, through whichever instance of the application.</summary>
[Collection(WithReplicasBehind.Name)]
public sealed class SessionTokenTests(LaggingCluster cluster)
{
    private const string LedgerCookie = SessionHosts.Cookie + ".ledger";

    // Ahead of what the instance's monitor has heard of the primary, as a write of a moment ago may be.
    private static readonly string[] Taken = ["accepted", "ahead"];

    private readonly SessionHosts _hosts = new(cluster.Nodes);

    [Fact]
    public async Task Post_redirect_get_through_another_instance_reads_its_own_write()
    {
        await using var one = await _hosts.StartAsync();
        await using var other = await _hosts.StartAsync();
        using var outcomes = new TokenOutcomes(other);
        await _hosts.PausedAsync(async () =>
        {
            var posted = await one.SendAsync(HttpMethod.Post, "/notes/prg");
            Assert.Equal(HttpStatusCode.Redirect, posted.StatusCode);
            var path = posted.Headers.Location!.ToString();

            Assert.True((await other.SeeAsync(path, posted.Token())).Found);
            Assert.Contains(Assert.Single(outcomes.Take()), Taken);

            // Without the token it would be otherwise: the replicas are behind.
            var stranger = await other.SeeAsync(path);
            Assert.False(stranger.Found);
            Assert.True(_hosts.IsReplica(stranger));
            Assert.Empty(outcomes.Take());
        });
    }

    [Theory]
    [InlineData("/booked/prg-form", false)]
    [InlineData("/booked/api/prg-api", true)]
    public async Task So_does_it_by_a_controller(string path, bool isApi)
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        using var outcomes = new TokenOutcomes(other);
        await _hosts.PausedAsync(async () =>
        {
            var posted = await one.SendAsync(HttpMethod.Post, path);
            Assert.Equal(isApi ? HttpStatusCode.Created : HttpStatusCode.Redirect, posted.StatusCode);
            var location = new Uri(one.Client.BaseAddress!, posted.Headers.Location!).PathAndQuery;

            Assert.True((await other.SeeAsync(location, posted.Token())).Found);
            Assert.Contains(Assert.Single(outcomes.Take()), Taken);

            var stranger = await other.SeeAsync(location);
            Assert.False(stranger.Found);
            Assert.True(_hosts.IsReplica(stranger));
        });

        Task<WebHost> StartAsync() => _hosts.StartAsync(
            services: static builder => builder.Services.AddControllers().AddApplicationPart(typeof(BookedController).Assembly),
            more: static app => app.MapControllers());
    }

    [Fact]
    public async Task Once_replicas_have_caught_up_they_serve_who_wrote()
    {
        await using var one = await _hosts.StartAsync();
        await using var other = await _hosts.StartAsync(routing: static options => options.ReadYourWritesWait = TimeSpan.FromSeconds(5));
        var posted = await one.SendAsync(HttpMethod.Post, "/notes/caught-up");
        await cluster.Nodes.WaitUntilCaughtUpAsync();

        var seen = await other.SeeAsync("/notes/caught-up", posted.Token());

        Assert.True(seen.Found);
        Assert.True(_hosts.IsReplica(seen));
    }

    [Fact]
    public async Task The_cookie_is_for_https_out_of_reach_of_scripts_and_of_other_sites()
    {
        await using var host = await _hosts.StartAsync();

        var response = await host.SendAsync(HttpMethod.Post, "/notes/cookie");

        var cookie = response.SetCookie()!;
        Assert.Contains("; secure", cookie, StringComparison.Ordinal);
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Contains("; max-age=300", cookie, StringComparison.Ordinal);
        Assert.Contains("; path=/", cookie, StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Who_wrote_nothing_gets_no_cookie()
    {
        await using var host = await _hosts.StartAsync();
        var token = (await host.SendAsync(HttpMethod.Post, "/notes/once")).Token();

        Assert.Null((await host.SendAsync(HttpMethod.Get, "/notes/once")).SetCookie());
        Assert.Null((await host.SendAsync(HttpMethod.Get, "/notes/once", token)).SetCookie());
        Assert.Null((await host.SendAsync(HttpMethod.Post, "/eventual/once")).SetCookie());
    }

    [Fact]
    public async Task What_was_written_before_the_first_byte_goes_along_also_where_the_request_then_fails()
    {
        await using var host = await _hosts.StartAsync(more: static app =>
        {
            app.MapPost("/body/{text}", static async (Notes notes, HttpResponse response, string text) =>
            {
                await notes.AddAsync(text);
                await response.WriteAsync("said ");
                await response.WriteAsync("all");
            });
            app.MapPost("/failing/{text}", static async (Notes notes, string text) =>
            {
                await notes.AddAsync(text);
                throw new InvalidOperationException("after the write");
            });
            app.MapPost("/late/{text}", static async (Notes notes, HttpResponse response, string text) =>
            {
                await response.WriteAsync("begun");
                await notes.AddAsync(text);
            });
        });

        Assert.NotNull((await host.SendAsync(HttpMethod.Post, "/body/body")).SetCookie());
        var failed = await host.SendAsync(HttpMethod.Post, "/failing/failing");
        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.NotNull(failed.SetCookie());
        var late = await host.SendAsync(HttpMethod.Post, "/late/late");
        Assert.Equal(HttpStatusCode.OK, late.StatusCode);
        Assert.Null(late.SetCookie());
    }

    [Theory]
    [InlineData("nonsense!", "malformed")]
    [InlineData("AAAA", "forged")]
    [InlineData("tampered", "forged")]
    [InlineData("foreign", "forged")]
    [InlineData("long", "malformed")]
    public async Task A_forged_token_is_counted_and_costs_its_client_no_more_than_a_look_at_the_present(string kind, string outcome)
    {
        await using var host = await _hosts.StartAsync();
        await using var stranger = await _hosts.StartAsync(sharesKeys: false);
        using var outcomes = new TokenOutcomes(host);
        var genuine = (await host.SendAsync(HttpMethod.Post, "/notes/forged")).Token();
        var text = kind switch
        {
            "tampered" => genuine[..40] + (genuine[40] == 'A' ? 'B' : 'A') + genuine[41..],
            "foreign" => (await stranger.SendAsync(HttpMethod.Post, "/notes/forged")).Token(),
            "long" => new string('A', 4000),
            _ => kind,
        };

        // Again and again: only what was accepted is remembered.
        for (var i = 0; i < 3; i++)
        {
            Assert.True((await host.SeeAsync("/notes/forged", text)).Found);
            Assert.Equal([outcome], outcomes.Take());
        }

        await host.SeeAsync("/notes/forged", genuine);
        Assert.Contains(Assert.Single(outcomes.Take()), Taken);
        await host.SeeAsync("/notes/forged", text);
        Assert.Equal([outcome], outcomes.Take());
    }

    [Fact]
    public async Task A_token_expires_also_where_it_was_seen_a_moment_ago()
    {
        var time = new ShiftedTime();
        await using var host = await _hosts.StartAsync(services: builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var outcomes = new TokenOutcomes(host);
        var token = (await host.SendAsync(HttpMethod.Post, "/notes/expired")).Token();

        time.Shift = TimeSpan.FromSeconds(298);
        for (var i = 0; i < 2; i++)
        {
            await host.SeeAsync("/notes/expired", token);
            Assert.Contains(Assert.Single(outcomes.Take()), Taken);
        }

        time.Shift = TimeSpan.FromSeconds(302);
        await host.SeeAsync("/notes/expired", token);
        Assert.Equal(["expired"], outcomes.Take());
    }

    [Fact]
    public async Task A_key_that_is_revoked_counts_after_a_minute_at_the_latest()
    {
        var time = new ShiftedTime();
        await using var host = await _hosts.StartAsync(services: builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var outcomes = new TokenOutcomes(host);
        var seen = (await host.SendAsync(HttpMethod.Post, "/notes/revoked")).Token();
        var unseen = (await host.SendAsync(HttpMethod.Post, "/notes/revoked")).Token();
        await host.SeeAsync("/notes/revoked", seen);
        Assert.Contains(Assert.Single(outcomes.Take()), Taken);

        var protector = host.App.Services.GetDataProtector("revoked");
        var text = protector.Protect("text");
        host.App.Services.GetRequiredService<IKeyManager>().RevokeAllKeys(DateTimeOffset.UtcNow);
        await Waiting.UntilAsync(() => IsRefused(protector, text), "Data Protection has read its keys anew");

        await host.SeeAsync("/notes/revoked", unseen);
        Assert.Equal(["forged"], outcomes.Take());
        await host.SeeAsync("/notes/revoked", seen);
        Assert.Contains(Assert.Single(outcomes.Take()), Taken);

        time.Shift = TimeSpan.FromSeconds(60);
        await host.SeeAsync("/notes/revoked", seen);
        Assert.Equal(["forged"], outcomes.Take());

        static bool IsRefused(IDataProtector protector, string text)
        {
            try
            {
                protector.Unprotect(text);
                return false;
            }
            catch (CryptographicException)
            {
                return true;
            }
        }
    }

    [Fact]
    public async Task What_one_data_source_has_taken_is_forged_for_another()
    {
        await using var host = await StartWithLedgerAsync(static app => app.MapGet("/ledger", static () => "read"));
        using var outcomes = new TokenOutcomes(host);
        var token = (await host.SendAsync(HttpMethod.Post, "/notes/own")).Token();
        await host.SeeAsync("/notes/own", token);
        Assert.Contains(Assert.Single(outcomes.Take()), Taken);

        await host.SendAsync(HttpMethod.Get, "/ledger", token, LedgerCookie);

        Assert.Equal(["forged"], outcomes.Take());
    }

    [Theory]
    [InlineData("{0}={1}")]
    [InlineData("theme=dark; {0}={1}; language=en")]
    [InlineData("theme=dark;{0}={1}")]
    [InlineData("theme={0}; {0}=AAAA; {0}={1}")]
    public async Task A_token_is_found_among_other_cookies_whether_it_was_seen_before_or_not(string cookies)
    {
        await using var host = await _hosts.StartAsync();
        using var outcomes = new TokenOutcomes(host);
        var token = (await host.SendAsync(HttpMethod.Post, "/notes/among")).Token();
        for (var i = 0; i < 3; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/notes/among");
            request.Headers.Add("Cookie", string.Format(CultureInfo.InvariantCulture, cookies, SessionHosts.Cookie, token));
            Assert.Equal(HttpStatusCode.OK, (await host.Client.SendAsync(request)).StatusCode);
            Assert.Contains(Assert.Single(outcomes.Take()), Taken);
        }
    }

    [Fact]
    public async Task A_cookie_that_merely_ends_or_begins_alike_is_none()
    {
        await using var host = await _hosts.StartAsync();
        using var outcomes = new TokenOutcomes(host);
        var token = (await host.SendAsync(HttpMethod.Post, "/notes/alike")).Token();
        await host.SeeAsync("/notes/alike", token);
        Assert.Single(outcomes.Take());

        await host.SeeAsync("/notes/alike", token, name: "X" + SessionHosts.Cookie);
        await host.SeeAsync("/notes/alike", token, name: LedgerCookie);

        Assert.Empty(outcomes.Take());
    }

    [Fact]
    public async Task A_header_takes_the_place_of_the_cookie()
    {
        const string name = "X-Session";
        await using var one = await _hosts.StartAsync(static options => (options.UseCookie, options.HeaderName) = (false, name));
        await using var other = await _hosts.StartAsync(static options => (options.UseCookie, options.HeaderName) = (false, name));
        await _hosts.PausedAsync(async () =>
        {
            var posted = await one.SendAsync(HttpMethod.Post, "/notes/header");
            Assert.Null(posted.SetCookie());
            var request = new HttpRequestMessage(HttpMethod.Get, "/notes/header");
            request.Headers.Add(name, posted.Headers.GetValues(name));
            var seen = await (await other.Client.SendAsync(request)).Content.ReadAsStringAsync();
            Assert.Contains("\"found\":true", seen, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_primary_that_is_gone_after_the_write_fails_no_request(bool isAsked)
    {
        await using var nodes = await WebCluster.StartAsync(replicas: 1);
        var hosts = new SessionHosts(nodes);
        await using var host = await hosts.StartAsync(more: app => app.MapPost("/last/{text}", async (Notes notes, string text) =>
        {
            await notes.AddAsync(text);

            // What is read after the write isn't behind the position that it has brought back.
            if (isAsked)
                Assert.True((await notes.FindAsync(text)).Found);
            await nodes.Primary.KillAsync();
            return "written";
        }));
        using var outcomes = new TokenOutcomes(host);

        var response = await host.SendAsync(HttpMethod.Post, "/last/last");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await host.SendAsync(HttpMethod.Get, "/eventual/last", response.Token());
        Assert.Equal(isAsked, Assert.Single(outcomes.Take()) == "malformed");
    }

    [Fact]
    public async Task A_data_protection_that_fails_after_the_write_fails_no_request()
    {
        using var log = new RecordedLogs("CompileTimeRouting.AspNetCore");
        await using var host = await _hosts.StartAsync(services: builder =>
        {
            builder.Logging.AddProvider(log);
            builder.Services.AddSingleton<IDataProtectionProvider, NoKeys>();
        });

        var response = await host.SendAsync(HttpMethod.Post, "/notes/unprotected");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Null(response.SetCookie());
        Assert.Contains("Error: Data Protection failed: the client of POST /notes/unprotected gets no token, and its next request may not see what this one wrote.", log.Lines);
    }

    [Theory]
    [InlineData("public, max-age=60", "no-store")]
    [InlineData("max-age=60", "no-store")]
    [InlineData("private, max-age=60", "max-age=60, private")]
    public async Task No_shared_cache_keeps_a_token(string said, string sent)
    {
        await using var host = await _hosts.StartAsync(more: app => app.MapPost("/cached/{text}", async (Notes notes, HttpResponse response, string text) =>
        {
            response.Headers.CacheControl = said;
            await notes.AddAsync(text);
        }));

        var response = await host.SendAsync(HttpMethod.Post, "/cached/cached");

        Assert.NotNull(response.SetCookie());
        Assert.Equal(sent, response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_of_the_data_source_counts_where_it_is_signed(bool isSigned)
    {
        static void Configure(RoutingOptions options) => options.TokenKeys.Add(Convert.ToBase64String(new byte[32]));
        await using var one = await _hosts.StartAsync(routing: Configure);
        await using var other = await _hosts.StartAsync(static options => options.HeaderName = "X-Session", routing: Configure);
        using var outcomes = new TokenOutcomes(other);
        await _hosts.PausedAsync(async () =>
        {
            // As a hub would do for its connection.
            using var session = one.Db.BeginSession();
            await new Notes(one.Db).AddAsync("signed");
            var request = new HttpRequestMessage(HttpMethod.Get, "/notes/signed");
            request.Headers.Add("X-Session", isSigned ? await session.ExportSignedAsync(TimeSpan.FromMinutes(1)) : await session.ExportAsync());

            var seen = await (await other.Client.SendAsync(request)).Content.ReadAsStringAsync();

            Assert.Contains("\"found\":true", seen, StringComparison.Ordinal);
            Assert.Contains(Assert.Single(outcomes.Take()), isSigned ? Taken : ["forged"]);
        });
    }

    [Fact]
    public async Task Data_sources_with_keys_have_tokens_of_their_own()
    {
        await using var host = await StartWithLedgerAsync(static app => app.MapPost(
            "/ledger/{text}", static ([FromKeyedServices("ledger")] RoutedDataSource db, string text) => new Notes(db).AddAsync(text)));

        var response = await host.SendAsync(HttpMethod.Post, "/ledger/ledger");

        Assert.Null(response.SetCookie());
        Assert.NotNull(response.SetCookie(LedgerCookie));
    }

    // With a second data source, by key, and its session around what is mapped.
    private Task<WebHost> StartWithLedgerAsync(Action<WebApplication> map) => _hosts.StartAsync(
        services: builder => builder.Services.AddKeyedRoutedDataSource("ledger", options => options.Primary = cluster.Nodes.Primary.ConnectionString),
        more: app =>
        {
            app.UseRoutingSession(static options => options.ServiceKey = "ledger");
            map(app);
        });

    private sealed class NoKeys : IDataProtectionProvider, IDataProtector
    {
        public IDataProtector CreateProtector(string purpose) => this;

        public byte[] Protect(byte[] plaintext) => throw new CryptographicException("The key ring can't be read.");

        public byte[] Unprotect(byte[] protectedData) => throw new CryptographicException("The key ring can't be read.");
    }
}

[Route("booked")]
public sealed class BookedController(IServiceProvider services) : Controller
{
    private Notes Notes => services.GetRequiredService<Notes>();

    [HttpPost("{text}")]
    public async Task<IActionResult> Book(string text)
    {
        await Notes.AddAsync(text);
        return RedirectToAction(nameof(Show), new { text });
    }

    [HttpPost("api/{text}")]
    public async Task<IActionResult> Create(string text)
    {
        await Notes.AddAsync(text);
        return CreatedAtAction(nameof(Show), new { text }, null);
    }

    [HttpGet("{text}")]
    public async Task<IActionResult> Show(string text) => Json(await Notes.FindAsync(text));
}
