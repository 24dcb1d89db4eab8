using System.Diagnostics;
using CompileTimeRouting;
using Npgsql;
using NpgsqlTypes;
using Spectre.Console;

namespace BookedBarber.Database;

/// <summary>Creates the schema and the data set where they are missing, and waits until the replicas have them.</summary>
internal static class DatabaseSetup
{
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromSeconds(120);

    public static async Task RunAsync(RoutedDataSource db, CancellationToken ct)
    {
        await CreateSchemaAsync(db, ct);
        if (await SeededAsync(db, ct))
            AnsiConsole.MarkupLine("[grey]The data set is there already.[/]");
        else
            await SeedAsync(db, ct);
        await WaitForReplicasAsync(db, ct);
    }

    private static async Task CreateSchemaAsync(RoutedDataSource db, CancellationToken ct)
    {
        using var resource = new StreamReader(typeof(DatabaseSetup).Assembly.GetManifestResourceStream("schema.sql")!);
        var schema = await resource.ReadToEndAsync(ct);
        await using var lease = await db.OpenWriteAsync(ct);
        await using var command = new NpgsqlCommand(schema, lease.Connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<bool> SeededAsync(RoutedDataSource db, CancellationToken ct)
    {
        await using var lease = await db.OpenWriteAsync(ct);
        await using var command = new NpgsqlCommand("select exists (select from booked_barber.seed_state)", lease.Connection);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task SeedAsync(RoutedDataSource db, CancellationToken ct)
    {
        var data = new SampleData(DateOnly.FromDateTime(DateTime.UtcNow));
        var clock = Stopwatch.StartNew();
        await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var customers = progress.AddTask($"{SampleData.Customers:N0} customers", maxValue: SampleData.Customers);
            var appointments = progress.AddTask($"{SampleData.Appointments:N0} appointments", maxValue: SampleData.Appointments);

            // All or nothing: a run that was broken off leaves no half data set.
            await using var unitOfWork = await db.BeginTransactionAsync(ct);
            var connection = unitOfWork.Connection;
            await using (var clear = new NpgsqlCommand(
                "truncate appointments, barbers, customers restart identity", connection))
            {
                await clear.ExecuteNonQueryAsync(ct);
            }

            await CopyAsync(connection, "customers (name, email, city, joined_on)", data.CustomerRows(), async (copy, row) =>
            {
                await copy.WriteAsync(row.Name, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(row.Email, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(row.City, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(row.JoinedOn, NpgsqlDbType.Date, ct);
                customers.Increment(1);
            }, ct);
            await CopyAsync(connection, "barbers (name, shop, specialty)", SampleData.BarberRows(), async (copy, row) =>
            {
                await copy.WriteAsync(row.Name, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(row.Shop, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(row.Specialty, NpgsqlDbType.Text, ct);
            }, ct);
            const string columns = "appointments (customer_id, barber_id, starts_at, service, price_cents, status)";
            await CopyAsync(connection, columns, data.AppointmentRows(), async (copy, row) =>
            {
                await copy.WriteAsync(row.CustomerId, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(row.BarberId, NpgsqlDbType.Integer, ct);
                await copy.WriteAsync(row.StartsAt, NpgsqlDbType.TimestampTz, ct);
                await copy.WriteAsync(row.Service, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(row.PriceCents, NpgsqlDbType.Integer, ct);
                await copy.WriteAsync((short)row.Status, NpgsqlDbType.Smallint, ct);
                appointments.Increment(1);
            }, ct);

            await using (var done = new NpgsqlCommand("insert into seed_state values (now(), $1, $2)", connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<int> { TypedValue = SampleData.Customers },
                    new NpgsqlParameter<int> { TypedValue = SampleData.Appointments },
                },
            })
            {
                await done.ExecuteNonQueryAsync(ct);
            }

            await unitOfWork.CommitAsync(ct);
        });

        await using var lease = await db.OpenWriteAsync(ct);
        await using var analyze = new NpgsqlCommand("analyze customers, barbers, appointments", lease.Connection);
        await analyze.ExecuteNonQueryAsync(ct);
        AnsiConsole.MarkupLineInterpolated(
            $"[grey]{SampleData.Customers:N0} customers and {SampleData.Appointments:N0} appointments in {clock.Elapsed.TotalSeconds:0.0} s.[/]");
    }

    private static async Task CopyAsync<T>(
        NpgsqlConnection connection, string target, IEnumerable<T> rows, Func<NpgsqlBinaryImporter, T, Task> write, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {target} from stdin (format binary)", ct);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(ct);
            await write(copy, row);
        }

        await copy.CompleteAsync(ct);
    }

    private static async Task WaitForReplicasAsync(RoutedDataSource db, CancellationToken ct)
    {
        foreach (var replica in db.GetSnapshot().Nodes.Where(static node => node is { Role: NodeRole.Replica, State: not NodeState.Down }))
        {
            var clock = Stopwatch.StartNew();
            while (!await HasDataAsync(db, replica.Name, ct))
            {
                if (clock.Elapsed > CatchUpLimit)
                {
                    throw new InvalidOperationException(
                        $"{replica.Name} ({replica.Host}:{replica.Port}) did not receive the data set within {CatchUpLimit.TotalSeconds:0} s. " +
                        "Is it a streaming replica of this primary, and is its replay running?");
                }

                await Task.Delay(50, ct);
            }
        }
    }

    private static async Task<bool> HasDataAsync(RoutedDataSource db, string node, CancellationToken ct)
    {
        await using var lease = await db.OpenNodeAsync(node, ct);
        await using var exists = new NpgsqlCommand("select to_regclass('booked_barber.seed_state') is not null", lease.Connection);
        if (!(bool)(await exists.ExecuteScalarAsync(ct))!)
            return false;
        await using var seeded = new NpgsqlCommand("select exists (select from booked_barber.seed_state)", lease.Connection);
        return (bool)(await seeded.ExecuteScalarAsync(ct))!;
    }
}
