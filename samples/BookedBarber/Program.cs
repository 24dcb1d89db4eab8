using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using BookedBarber;
using BookedBarber.Appointments;
using BookedBarber.Barbers;
using BookedBarber.Customers;
using BookedBarber.Database;
using BookedBarber.EntityFramework;
using BookedBarber.Reports;
using BookedBarber.Visit;
using CompileTimeRouting;
using CompileTimeRouting.DevCluster;
using Npgsql;
using Spectre.Console;

// dotnet run --project samples/BookedBarber [-- --once] [-- --urls http://127.0.0.1:5080]
var once = args.Contains("--once");
const string defaultUrl = "http://127.0.0.1:5080";

// In a log there is no window to fit into.
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 120;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

try
{
    var builder = WebApplication.CreateBuilder([.. args.Where(static arg => arg != "--once")]);
    builder.Logging.SetMinimumLevel(LogLevel.Warning);
    builder.Services.ConfigureHttpJsonOptions(static options => options.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
    var url = builder.Configuration["urls"] is { Length: > 0 } urls ? urls : defaultUrl;
    builder.WebHost.UseUrls(url);
    if (!once)
        ThrowIfTaken(url);

    // Your own servers, or a cluster of this process: the configuration is the same.
    await using var cluster = string.IsNullOrEmpty(builder.Configuration["DATABASE_URL"]) ? await StartClusterAsync(stop.Token) : null;
    if (cluster is not null)
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = cluster.Primary.Url,
            ["READ_REPLICA_URLS"] = string.Join(',', cluster.Replicas.Select(static replica => replica.Url)),
            ["READ_REPLICA_WEIGHTS"] = "0.6,0.4",
        });
    }

    builder.Services.AddRoutedDataSource(builder.Configuration, static options =>
        options.ConfigureDataSource = static source => source.ConnectionStringBuilder.SearchPath = "booked_barber");
    builder.Services.AddRoutedDbContextFactory<BookingContext>();
    builder.Services.AddDataProtection();
    builder.Services.AddProblemDetails();
    builder.Services.AddRoutingExceptionHandler();
    builder.Services.AddHealthChecks().AddRouting();
    builder.Services.AddSingleton<CustomerRepository>();
    builder.Services.AddSingleton<BarberRepository>();
    builder.Services.AddSingleton<AppointmentRepository>();
    builder.Services.AddSingleton<AppointmentContextRepository>();
    builder.Services.AddSingleton<ReportRepository>();

    await using var app = builder.Build();
    var db = app.Services.GetRequiredService<RoutedDataSource>();
    var down = (await db.VerifyAsync(stop.Token)).Nodes.Where(static node => node.State == NodeState.Down).ToList();
    if (down.Count > 0)
        throw new InvalidOperationException(string.Join(Environment.NewLine, down.Select(static node => $"{node.Name}: {node.Problem}")));
    await DatabaseSetup.RunAsync(db, stop.Token);
    var nodes = await NodeDirectory.AskAsync(db, stop.Token);

    if (once)
    {
        var replicas = db.GetSnapshot().Nodes.Where(static node => node.Role == NodeRole.Replica).ToList();
        var total = replicas.Sum(static node => node.Weight);
        var held = await ActivatorUtilities.CreateInstance<ScriptedVisit>(app.Services, nodes).RunAsync(
            replicas.ToDictionary(static node => node.Name, node => node.Weight / total), stop.Token);
        AnsiConsole.MarkupLine(held
            ? "[green]Every read was answered by a replica, every write by the primary.[/]"
            : "[red]Not every call went where it belongs; see the tables.[/]");

        // Only a cluster of our own is ours to break.
        if (cluster is not null)
            held &= await ActivatorUtilities.CreateInstance<ReplicaLoss>(app.Services, nodes).RunAsync(cluster.Replicas[0], stop.Token);
        return held ? 0 : 1;
    }

    // Without a primary a booking is answered with 503 and Retry-After.
    app.UseExceptionHandler();
    app.UseStatusCodePages();

    // Each client reads what it booked, whichever replica is behind. The header is for curl, which keeps no cookie of ours.
    app.UseRoutingSession(static options => options.HeaderName = "X-Routing-Session");
    Endpoints.Map(app, nodes);
    Endpoints.MapOperations(app);
    await app.StartAsync(stop.Token);
    Console.WriteLine($"BookedBarber listens on {string.Join(", ", app.Urls)}; Ctrl+C ends it.");
    Console.WriteLine(Endpoints.Menu(app.Urls.First()));
    await app.WaitForShutdownAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (Exception e) when (e is PostgresClusterException or NpgsqlException or InvalidOperationException or TimeoutException or IOException
    or Microsoft.Extensions.Options.OptionsValidationException)
{
    // These say what to do; a stack trace would hide it.
    await Console.Error.WriteLineAsync($"BookedBarber could not run: {e.Message}");
    return 1;
}

// Before the cluster is started and filled for nothing.
static void ThrowIfTaken(string urls)
{
    foreach (var url in urls.Split(';'))
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !address.IsLoopback || address.Port == 0)
            continue;
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, address.Port);
            listener.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new InvalidOperationException(
                $"Port {address.Port} is in use. End what listens there, or choose another: dotnet run --project samples/BookedBarber -- --urls http://127.0.0.1:{address.Port + 1}", e);
        }
    }
}

static async Task<PostgresCluster> StartClusterAsync(CancellationToken ct)
{
    Console.WriteLine("No DATABASE_URL: starting a primary and two streaming replicas of our own ...");
    var cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Replicas = 2, Log = Console.WriteLine }, ct);
    foreach (var node in cluster.Nodes)
        Console.WriteLine($"  {node.Name,-10} {node.Host}:{node.Port}");
    return cluster;
}
