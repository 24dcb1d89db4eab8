using System.Net;
using System.Net.Http.Json;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using CompileTimeRouting.AspNetCore.Tests.Hosting;

namespace CompileTimeRouting.AspNetCore.Tests.Endpoints;

/// <summary>Who may ask the sample for what operators see.</summary>
public sealed class SampleAccessTests
{
    private static readonly string[] Operators =
    [
        "cluster", "routing", "routing/state", "routing/routes", "api/v2/database/health", "api/v2/database/pool-metrics", "api/v2/database/replica-lag", "metrics",
    ];

    [Fact]
    public async Task From_elsewhere_than_its_machine_nobody()
    {
        await using var cluster = await WebCluster.StartAsync(replicas: 1);
        await using var sample = await SampleProcess.StartAsync(cluster, "0.0.0.0");

        // Who calls an address of the machine's own has that address himself: to the sample he isn't local.
        using var elsewhere = new HttpClient { BaseAddress = new UriBuilder(sample.Client.BaseAddress!) { Host = OwnAddress().ToString() }.Uri };
        foreach (var path in Operators)
        {
            Assert.Equal(HttpStatusCode.OK, (await sample.Client.GetAsync(path)).StatusCode);
            await AssertRefusedAsync(await elsewhere.GetAsync(path));
        }

        Assert.Equal(HttpStatusCode.OK, (await sample.Client.PostAsync("api/v2/database/test-connection", null)).StatusCode);
        await AssertRefusedAsync(await elsewhere.PostAsync("api/v2/database/test-connection", null));

        // A proxy's word doesn't make him local either.
        using var forwarded = new HttpRequestMessage(HttpMethod.Get, "metrics") { Headers = { { "X-Forwarded-For", "127.0.0.1" }, { "Forwarded", "for=127.0.0.1" } } };
        await AssertRefusedAsync(await elsewhere.SendAsync(forwarded));

        foreach (var open in new[] { "", "healthz", "customers/1" })
            Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync(open)).StatusCode);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("The sample tells this to its own machine only.", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
    }

    private static IPAddress OwnAddress() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(static network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
            .Select(static unicast => unicast.Address)
            .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
        ?? throw new InvalidOperationException("This machine has no address but its loopback's.");
}
