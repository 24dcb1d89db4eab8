using CompileTimeRouting.DevCluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.AspNetCore.Tests.Hosting;

/// <summary>A web application on a port of its own, over a cluster.</summary>
internal sealed class WebHost(WebApplication app) : IAsyncDisposable
{
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false, UseCookies = false };

    public WebApplication App => app;

    public RoutedDataSource Db => app.Services.GetRequiredService<RoutedDataSource>();

    public HttpClient Client { get; private set; } = null!;

    /// <summary>Builds an application that isn't started.</summary>
    public static WebApplication Build(PostgresCluster cluster, Action<WebApplicationBuilder>? services, Action<WebApplication> pipeline, Action<RoutingOptions>? routing = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRoutedDataSource(options =>
        {
            options.Primary = cluster.Primary.ConnectionString;
            options.Replicas = [.. cluster.Replicas.Select(static r => new ReplicaOptions { ConnectionString = r.ConnectionString })];
            routing?.Invoke(options);
        });
        services?.Invoke(builder);
        var app = builder.Build();
        try
        {
            pipeline(app);
            return app;
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }
    }

    public static async Task<WebHost> StartAsync(
        PostgresCluster cluster, Action<WebApplicationBuilder>? services, Action<WebApplication> pipeline, Action<RoutingOptions>? routing = null)
    {
        var host = new WebHost(Build(cluster, services, pipeline, routing));
        await host.App.StartAsync();
        host.Client = new HttpClient(host._handler) { BaseAddress = new Uri(host.App.Urls.First()) };
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        _handler.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
