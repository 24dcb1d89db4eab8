using System.Diagnostics;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using CompileTimeRouting.AspNetCore.Tests.Sessions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CompileTimeRouting.AspNetCore.Tests.Metrics;

public sealed class OpenTelemetryTests(WebCluster cluster)
{
    [Fact]
    public async Task Calls_are_measured_and_traced()
    {
        using var exporter = new Names();
        using var reader = new BaseExportingMetricReader(exporter);
        using var metrics = Sdk.CreateMeterProviderBuilder().AddRoutingInstrumentation().AddReader(reader).Build();
        using var spans = new Spans();
        using var traces = Sdk.CreateTracerProviderBuilder().AddRoutingInstrumentation().AddProcessor(spans).Build();
        await using var db = RoutedDataSource.Create(new RoutingOptions
        {
            Primary = cluster.Nodes.Primary.ConnectionString,
            Replicas = { new ReplicaOptions { ConnectionString = cluster.Nodes.Replicas[0].ConnectionString } },
        });
        await db.VerifyAsync();

        await new Notes(db).FindEventuallyAsync("telemetry");
        metrics.ForceFlush();

        Assert.Contains("compile_time_routing.decisions", exporter.Seen);
        Assert.Contains("compile_time_routing.node.up", exporter.Seen);
        Assert.Contains($"{typeof(Notes).FullName}.{nameof(Notes.FindEventuallyAsync)}", spans.Seen);
    }

    private sealed class Names : BaseExporter<Metric>
    {
        public HashSet<string> Seen { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
                Seen.Add(metric.Name);
            return ExportResult.Success;
        }
    }

    private sealed class Spans : BaseProcessor<Activity>
    {
        private readonly List<string> _seen = [];

        public string[] Seen
        {
            get
            {
                lock (_seen)
                    return [.. _seen];
            }
        }

        public override void OnEnd(Activity data)
        {
            lock (_seen)
                _seen.Add(data.DisplayName);
        }
    }
}
