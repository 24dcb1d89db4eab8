using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Xml.Linq;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using CompileTimeRouting.DevCluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CompileTimeRouting.AspNetCore.Tests.Sessions;

/// <summary>Instances of one application that share the keys of Data Protection.</summary>
internal sealed class SessionHosts(PostgresCluster cluster)
{
    public const string Cookie = ".CompileTimeRouting.Session";

    // Shared by the instances; what one has written another finds.
    private readonly KeyRing _keys = new();

    public Task<WebHost> StartAsync(
        Action<RoutingSessionOptions>? configure = null, Action<WebApplicationBuilder>? services = null, Action<WebApplication>? more = null, bool sharesKeys = true,
        Action<RoutingOptions>? routing = null) => WebHost.StartAsync(
        cluster,
        builder =>
        {
            if (sharesKeys)
                ShareKeys(builder);
            else
                builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
            builder.Services.AddSingleton<Notes>();
            services?.Invoke(builder);
        },
        app =>
        {
            app.UseExceptionHandler(static error => error.Run(static _ => Task.CompletedTask));
            app.UseRoutingSession(configure);
            app.MapPost("/notes/{text}", static async (Notes notes, string text) =>
            {
                await notes.AddAsync(text);
                return Results.Redirect($"/notes/{text}");
            });
            app.MapGet("/notes/{text}", static (Notes notes, string text) => notes.FindAsync(text));
            app.MapGet("/eventual/{text}", static (Notes notes, string text) => notes.FindEventuallyAsync(text));
            app.MapPost("/eventual/{text}", static (Notes notes, string text) => notes.FindEventuallyAsync(text));
            more?.Invoke(app);
        },
        options =>
        {
            // However long a test keeps a replica behind, it stays in service.
            options.LagThreshold = TimeSpan.FromMinutes(4);
            routing?.Invoke(options);
        });

    public void ShareKeys(WebApplicationBuilder builder) =>
        builder.Services.AddDataProtection().SetApplicationName("notes").AddKeyManagementOptions(options => options.XmlRepository = _keys);

    public bool IsReplica(Seen seen) => seen.Port != cluster.Primary.Port;

    public async Task PausedAsync(Func<Task> test)
    {
        foreach (var replica in cluster.Replicas)
            await replica.PauseReplayAsync();
        try
        {
            await test();
        }
        finally
        {
            foreach (var replica in cluster.Replicas)
                await replica.ResumeReplayAsync();
            await cluster.WaitUntilCaughtUpAsync();
        }
    }
}

/// <summary>Keys of Data Protection that instances share, as they would in a database.</summary>
internal sealed class KeyRing : IXmlRepository
{
    private readonly List<XElement> _keys = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_keys)
            return [.. _keys];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_keys)
            _keys.Add(element);
    }
}

internal static class Requests
{
    public static async Task<HttpResponseMessage> SendAsync(this WebHost host, HttpMethod method, string path, string? cookie = null, string name = SessionHosts.Cookie)
    {
        var request = new HttpRequestMessage(method, path);
        if (cookie is not null)
            request.Headers.Add("Cookie", $"{name}={cookie}");
        return await host.Client.SendAsync(request);
    }

    public static async Task<Seen> SeeAsync(this WebHost host, string path, string? cookie = null, HttpMethod? method = null, string name = SessionHosts.Cookie)
    {
        var response = await host.SendAsync(method ?? HttpMethod.Get, path, cookie, name);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Seen>())!;
    }

    /// <summary>The cookie that a response sets, whole; null for none.</summary>
    public static string? SetCookie(this HttpResponseMessage response, string name = SessionHosts.Cookie) =>
        response.Headers.TryGetValues("Set-Cookie", out var all) ? all.SingleOrDefault(c => c.StartsWith(name + "=", StringComparison.Ordinal)) : null;

    /// <summary>The value of the cookie that a response sets.</summary>
    public static string Token(this HttpResponseMessage response, string name = SessionHosts.Cookie)
    {
        var cookie = response.SetCookie(name);
        Assert.NotNull(cookie);
        return cookie[(name.Length + 1)..cookie.IndexOf(';', StringComparison.Ordinal)];
    }
}

/// <summary>Counts what became of the tokens that a host was given.</summary>
internal sealed class TokenOutcomes : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<string> _seen = [];

    public TokenOutcomes(WebHost host)
    {
        var factory = host.App.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Name == "compile_time_routing.session.tokens")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag.Key == "compile_time_routing.outcome")
                {
                    lock (_seen)
                        _seen.AddRange(Enumerable.Repeat((string)tag.Value!, (int)value));
                }
            }
        });
        _listener.Start();
    }

    public string[] Take()
    {
        lock (_seen)
        {
            string[] all = [.. _seen];
            _seen.Clear();
            return all;
        }
    }

    public void Dispose() => _listener.Dispose();
}
