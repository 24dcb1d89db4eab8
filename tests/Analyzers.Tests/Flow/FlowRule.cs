using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Tests.Flow;

/// <summary>
/// Proves what is said of the flow of a service over the repositories of a shop: with and without the generator's output exactly
/// the marked places are reported of one rule.
/// </summary>
internal static class FlowRule
{
    private const string Shop =
        """
        public sealed record Order(long Id, long CustomerId, string Status, long Total);
        public sealed record Customer(long Id, string Name, long Balance);
        public sealed record Job(long Id, string Payload);

        public interface IOrders
        {
            Task<Order?> FindAsync(long id);
            Task<int> AddAsync(long id, string status);
        }

        public sealed partial class Orders(RoutedDataSource db) : IOrders
        {
            [ReadQuery("select id, customer_id, status, total from orders where id = @id")]
            public partial Task<Order?> FindAsync(long id);

            [ReadQuery("select id, customer_id, status, total from orders where id = @id", Consistency = ReadConsistency.ReadYourWrites)]
            public partial Task<Order?> FindFreshAsync(long id);

            [ReadQuery("select id, customer_id, status, total from orders where id = @id", Consistency = ReadConsistency.Strong)]
            public partial Task<Order?> FindStrongAsync(long id);

            [ReadQuery("select id, customer_id, status, total from orders where id = @id", Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = 5)]
            public partial Task<Order?> FindRecentAsync(long id);

            [ReadQuery("select count(*) from public.orders")]
            public partial Task<long> CountAsync();

            [ReadQuery("select count(*) from archive.orders")]
            public partial Task<long> CountArchivedAsync();

            [ReadQuery("select id, customer_id, status, total from orders order by id")]
            public partial IAsyncEnumerable<Order> StreamAsync();

            [ReadQuery("select id, customer_id, status, total from \"Orders\" where id = @id")]
            public partial Task<Order?> FindQuotedAsync(long id);

            [ReadQuery("with orders as (select 1 as id) select count(*) from orders")]
            public partial Task<long> OfCteAsync();

            [ReadQuery("select id, customer_id, status, total from orders where id = @id")]
            public partial Order? Find(long id);

            [ReadQuery]
            public partial Task<List<Order>> ListAsync(string status);

            private static async Task<List<Order>> ListAsync(NpgsqlConnection connection, string status) =>
                (await connection.QueryAsync<Order>("select * from orders where status = @status", new { status })).AsList();

            [ReadQuery]
            public static Task<long> TotalAsync(NpgsqlConnection connection, long customerId) =>
                connection.QuerySingleAsync<long>("select sum(total) from orders where customer_id = @customerId", new { customerId });

            [ReadQuery]
            public static Task<long> OfTableAsync(NpgsqlConnection connection, string table) => connection.QuerySingleAsync<long>($"select count(*) from {table}");

            [WriteCommand("insert into orders (id, status) values (@id, @status)")]
            public partial Task<int> AddAsync(long id, string status);

            [WriteCommand("insert into orders (id, status) values (@id, @status)")]
            public partial int Add(long id, string status);

            [WriteCommand("update orders set status = @status where id = @id")]
            public partial Task<int> SetStatusAsync(long id, string status);

            [WriteCommand("update public.orders set total = @total where id = @id")]
            public partial Task<int> SetTotalAsync(long id, long total);

            [WriteCommand]
            public static Task<int> PayAsync(NpgsqlConnection connection, long id) =>
                connection.ExecuteAsync("update \"orders\" set status = 'paid' where id = @id", new { id });

            [WriteCommand]
            public static Task<int> ClearAsync(NpgsqlConnection connection, string table) => connection.ExecuteAsync($"delete from {table}");
        }

        public sealed partial class Customers(RoutedDataSource db)
        {
            [ReadQuery("select id, name, balance from customers where id = @id")]
            public partial Task<Customer?> FindAsync(long id);

            [ReadQuery("select c.id, c.name, c.balance from customers c join orders o on o.customer_id = c.id where o.status = @status")]
            public partial Task<List<Customer>> WithOrdersAsync(string status);

            [ReadQuery("select balance from customers where id = @id")]
            public partial Task<long> BalanceAsync(long id);

            [ReadQuery("select balance from customers where id = @id", Consistency = ReadConsistency.Strong)]
            public partial Task<long> StrongBalanceAsync(long id);

            [ReadQuery("select exists (select 1 from customers where name = @name)")]
            public partial Task<bool> ExistsAsync(string name);

            [WriteCommand("update customers set balance = @balance where id = @id")]
            public partial Task<int> SetBalanceAsync(long id, long balance);

            [WriteCommand("insert into customers (id, name) values (@id, @name)")]
            public partial Task<int> AddAsync(long id, string name);
        }

        public sealed partial class Jobs(RoutedDataSource db)
        {
            [ReadQuery("select id, payload from jobs where not done limit @limit")]
            public partial Task<List<Job>> PendingAsync(int limit);

            [ReadQuery("select id, payload from jobs where not done order by id limit 1")]
            public partial Task<Job?> NextAsync();

            [ReadQuery("select id, payload from jobs where id = @id")]
            public partial Task<Job?> FindAsync(long id);

            [WriteCommand("update jobs set done = true where id = @id")]
            public partial Task<int> DoneAsync(long id);

            [WriteCommand("insert into jobs (payload) values (@payload)")]
            public partial Task<int> EnqueueAsync(string payload);
        }

        """;

    /// <summary>Exactly the marked places are reported, if any.</summary>
    /// <param name="id">The rule that is looked at.</param>
    /// <param name="statements">A body.</param>
    /// <param name="members">What stands beside it in its class.</param>
    /// <param name="types">Types beside the class, or attributes of the assembly in front of them.</param>
    /// <param name="beside">What else there is.</param>
    public static async Task Proves(string id, string statements, string members = "", string types = "", Surroundings? beside = null)
    {
        var code = TestCode.From(
            $$"""
            {{types}}
            {{Shop}}
            public sealed class Service(Orders orders, IOrders abstractOrders, Customers customers, Jobs jobs, RoutedDataSource db, NpgsqlConnection connection)
            {
                public async Task<object?> Run(long id, long[] ids, bool flag, string status, CancellationToken ct)
                {
                    await Task.Yield();
                    {{statements}}
                    return null;
                }

                {{members}}
            }
            """,
            beside: beside);
        var expected = code.Marks.Select(m => $"{m.Severity} {m.Id} {code.Text.Substring(m.Span.Start, m.Span.Length)}").ToArray();
        var compilation = code.Compile();
        var (output, _) = TestCode.Generate(compilation);
        Assert.Empty(TestCode.Errors(output));
        Assert.Equal(expected, await Reported(compilation));
        Assert.Equal(expected, await Reported(output));

        async Task<string[]> Reported(Compilation analyzed) =>
        [
            .. (await TestCode.Analyze(analyzed, beside)).Where(d => d.Id == id || d.Id == "AD0001")
                .Select(d => $"{d.Severity} {d.Id} {(d.Id == "AD0001" ? d.GetMessage(System.Globalization.CultureInfo.InvariantCulture) : code.Text.Substring(d.Location.SourceSpan.Start, d.Location.SourceSpan.Length))}"),
        ];
    }
}
