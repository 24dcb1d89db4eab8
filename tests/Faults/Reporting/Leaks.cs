using System.Diagnostics.Metrics;

namespace CompileTimeRouting.Faults.Reporting;

/// <summary>Connections that were not given back, by what the data source says and by what the driver's own counters say.</summary>
internal static class Leaks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What is still in use when nothing is asked for any more; null where nothing is.</summary>
    public static async Task<string?> FindAsync(RoutedDataSource db)
    {
        string? found = null;
        for (var waited = TimeSpan.Zero; waited < Patience; waited += TimeSpan.FromMilliseconds(50))
        {
            found = Find(db);
            if (found is null)
                return null;
            await Task.Delay(50);
        }

        return found;
    }

    private static string? Find(RoutedDataSource db)
    {
        List<string> found = [.. db.GetSnapshot().Nodes.Where(static n => n.ActiveLeases != 0).Select(static n => $"{n.Name}: {n.ActiveLeases} leases")];
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, l) =>
        {
            if (instrument is { Meter.Name: "Npgsql", Name: "db.client.connection.count" })
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, used, tags, _) =>
        {
            var pool = "";
            var isUsed = false;
            foreach (var (name, value) in tags)
            {
                if (name == "db.client.connection.pool.name")
                    pool = value as string ?? "";
                isUsed |= name == "db.client.connection.state" && value is "used";
            }

            // The monitor keeps one connection to each node.
            if (isUsed && used != 0 && !pool.EndsWith("-check", StringComparison.Ordinal) && db.GetSnapshot().Nodes.Any(n => pool.StartsWith(n.Name, StringComparison.Ordinal)))
                found.Add($"pool {pool}: {used} connections in use");
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return found.Count == 0 ? null : string.Join(", ", found);
    }
}
