namespace CompileTimeRouting.Generator.Tests;

/// <summary>A partial method with a core of the same name.</summary>
public class DeclaredTests
{
    [Fact]
    public Task Write_with_static_core() => GeneratorTest.Verify("""
        namespace App;
        public sealed record NewAppointment(int BarberId, DateTimeOffset StartsAt);
        public sealed partial class AppointmentRepository(RoutedDataSource db)
        {
            /// <summary>Books.</summary>
            [WriteCommand]
            public partial Task<long> BookAsync(NewAppointment request, CancellationToken ct = default);

            private static async Task<long> BookAsync(NpgsqlConnection connection, NewAppointment request, CancellationToken ct) =>
                await connection.ExecuteScalarAsync<long>(new CommandDefinition("insert ...", request, cancellationToken: ct));
        }
        """);
}
