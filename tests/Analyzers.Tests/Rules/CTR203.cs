using CompileTimeRouting.Analyzers.Tests.Flow;

namespace CompileTimeRouting.Analyzers.Tests.Rules;

public class CTR203
{
    [Fact]
    public Task Message_names_both_and_the_table() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db, NpgsqlConnection connection)
        {
            [ReadQuery("select body from notes where id = @id", Consistency = ReadConsistency.Strong)]
            public partial Task<string?> FindAsync(long id);

            public async Task<string?> EditAsync(long id, string body)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                await {|1:connection.ExecuteAsync("update notes set body = @body where id = @id", new { id, body })|};
                var saved = await {|CTR203:FindAsync(id)|};
                await transaction.CommitAsync();
                return saved;
            }
        }
        """,
        "'FindAsync' reads 'notes' while the transaction in which 'ExecuteAsync' has written it is open, and takes no part in it; begin it with RoutedDataSource.BeginTransactionAsync, or read after the commit");

    [Theory]
    [InlineData("await connection.ExecuteAsync(\"delete from orders\"); await {|CTR203:orders.FindAsync(id)|}; await raw.CommitAsync();")]
    [InlineData("await connection.ExecuteAsync(\"delete from orders\"); await {|CTR203:orders.FindFreshAsync(id)|}; await raw.CommitAsync();")]
    [InlineData("await connection.ExecuteAsync(\"delete from orders\"); await {|CTR203:orders.FindStrongAsync(id)|}; await raw.CommitAsync();")]
    [InlineData("await connection.ExecuteAsync(\"delete from orders\"); if (await {|CTR203:orders.CountAsync()|} > 0) await raw.RollbackAsync(); else await raw.CommitAsync();")]
    [InlineData("await Orders.PayAsync(connection, id); await {|CTR203:orders.FindAsync(id)|}; await raw.CommitAsync();")]
    [InlineData("await Write(); await {|CTR203:orders.FindAsync(id)|}; await raw.CommitAsync(); Task Write() => connection.ExecuteAsync(\"delete from orders\");")]
    [InlineData("await connection.ExecuteAsync(\"delete from orders\"); await {|CTR203:Show()|}; await raw.CommitAsync(); Task<Order?> Show() => orders.FindAsync(id);")]
    [InlineData("foreach (var one in ids) { await connection.ExecuteAsync(\"delete from orders where id = @one\", new { one }); Console.WriteLine(await {|CTR203:orders.CountAsync()|}); } await raw.CommitAsync();")]
    public Task In_a_transaction_of_the_connection(string statements) => FlowRule.Proves(nameof(CTR203), "await using var raw = await connection.BeginTransactionAsync(ct); " + statements);

    /// <summary>Where ways join, each of them counts by itself.</summary>
    [Theory]
    [InlineData("NpgsqlTransaction? raw = null; if (flag) raw = await connection.BeginTransactionAsync(ct); await connection.ExecuteAsync(\"delete from orders\"); await {|CTR203:orders.FindFreshAsync(id)|}; if (flag) await raw!.CommitAsync();")]
    [InlineData("await using var raw = await connection.BeginTransactionAsync(ct); if (flag) await connection.ExecuteAsync(\"delete from orders\"); await {|CTR203:orders.FindFreshAsync(id)|}; await raw.CommitAsync();")]
    [InlineData("await using var raw = await connection.BeginTransactionAsync(ct); await connection.ExecuteAsync(\"delete from orders\"); if (flag) await raw.CommitAsync(); await {|CTR203:orders.FindFreshAsync(id)|};")]
    [InlineData("await using var raw = await connection.BeginTransactionAsync(ct); await connection.ExecuteAsync(\"delete from orders\"); await using (var work = await db.BeginTransactionAsync()) { await customers.SetBalanceAsync(id, 5); await work.CommitAsync(); } await {|CTR203:orders.FindFreshAsync(id)|}; await raw.CommitAsync();")]
    [InlineData("await using var raw = await connection.BeginTransactionAsync(ct); await connection.ExecuteAsync(\"delete from orders\"); await using var work = await db.BeginTransactionAsync(); await {|CTR203:orders.FindFreshAsync(id)|}; await work.CommitAsync(); await raw.CommitAsync();")]
    [InlineData("try { await using var raw = await connection.BeginTransactionAsync(ct); await connection.ExecuteAsync(\"delete from orders\"); try { await jobs.EnqueueAsync(status); } finally { Console.WriteLine(await {|CTR203:orders.FindFreshAsync(id)|}); } await raw.CommitAsync(); } catch (TimeoutException) { }")]
    public Task On_one_of_the_ways(string statements) => FlowRule.Proves(nameof(CTR203), statements);

    [Theory]
    [InlineData("await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); var n = await {|CTR203:figures.OrdersAsync()|}; await work.CommitAsync(); return n;")]
    [InlineData("await using (var work = await db.BeginTransactionAsync()) { await orders.SetStatusAsync(id, status); if (id > 5) await work.CommitAsync(); return await {|CTR203:figures.OrdersAsync()|}; }")]
    public Task By_another_data_source(string statements) => FlowRule.Proves(nameof(CTR203), "", "", CTR201.TwoSources(statements), CTR201.Web);

    [Fact]
    public Task In_a_scope() => FlowRule.Proves(
        nameof(CTR203),
        "using (var scope = new System.Transactions.TransactionScope()) { await orders.SetStatusAsync(id, status); Console.WriteLine(await {|CTR203:orders.FindAsync(id)|}); scope.Complete(); }");

    [Fact]
    public Task In_a_transaction_of_a_context() => FlowRule.Proves(
        nameof(CTR203),
        "await using var raw = await context.Database.BeginTransactionAsync(ct); context.Orders.Add(new Row()); await context.SaveChangesAsync(); await {|CTR203:orders.FindAsync(id)|}; await raw.CommitAsync();",
        "private readonly ShopContext context = null!;",
        Context);

    [Theory]
    [InlineData("await connection.ExecuteAsync(\"delete from orders\"); await raw.CommitAsync(); await orders.FindAsync(id);")]
    [InlineData("await connection.ExecuteAsync(\"delete from orders\"); await raw.RollbackAsync(); await orders.FindAsync(id);")]
    [InlineData("await connection.ExecuteAsync(\"delete from orders\"); await customers.FindAsync(id); await raw.CommitAsync();")]
    [InlineData("await orders.FindAsync(id); await connection.ExecuteAsync(\"delete from orders\"); await raw.CommitAsync();")]
    [InlineData("await orders.SetStatusAsync(id, status); await orders.FindAsync(id); await raw.CommitAsync();")]
    [InlineData("await connection.ExecuteAsync(\"delete from orders\"); await Orders.TotalAsync(connection, id); await raw.CommitAsync();")]
    [InlineData("if (flag) { await connection.ExecuteAsync(\"delete from orders\"); await raw.CommitAsync(); } else { await orders.FindAsync(id); }")]
    [InlineData("await connection.ExecuteAsync($\"delete from {status}\"); await orders.FindAsync(id); await raw.CommitAsync();")]
    public Task NoFalsePositive_In_a_transaction_of_the_connection(string statements) =>
        FlowRule.Proves(nameof(CTR203), "await using var raw = await connection.BeginTransactionAsync(ct); " + statements);

    [Theory]
    [InlineData("await using (var raw = await connection.BeginTransactionAsync(ct)) { await connection.ExecuteAsync(\"delete from orders\"); } await orders.FindAsync(id);")]
    [InlineData("await using (var raw = await connection.BeginTransactionAsync(ct)) { await connection.ExecuteAsync(\"delete from orders\"); await raw.CommitAsync(); } await orders.FindAsync(id);")]
    [InlineData("await connection.ExecuteAsync(\"delete from orders\"); await using var raw = await connection.BeginTransactionAsync(ct); await orders.FindAsync(id); await raw.CommitAsync();")]
    [InlineData("await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); await orders.FindAsync(id); await work.CommitAsync();")]
    [InlineData("await using var work = await db.BeginTransactionAsync(); await work.Connection.ExecuteAsync(\"delete from orders\"); await orders.FindAsync(id); await work.CommitAsync();")]
    [InlineData("await orders.SetStatusAsync(id, status); await orders.FindFreshAsync(id);")]
    public Task NoFalsePositive_Outside_or_in_a_unit_of_work(string statements) => FlowRule.Proves(nameof(CTR203), statements);

    [Theory]
    [InlineData("await using var raw = await connection.BeginTransactionAsync(ct); if (flag) { await connection.ExecuteAsync(\"delete from orders\"); await raw.CommitAsync(); } await orders.FindFreshAsync(id);")]
    [InlineData("if (flag) { await using var raw = await connection.BeginTransactionAsync(ct); await connection.ExecuteAsync(\"delete from orders\"); await raw.CommitAsync(); } await orders.FindFreshAsync(id);")]
    [InlineData("if (flag) { await using var raw = await connection.BeginTransactionAsync(ct); await raw.CommitAsync(); } else { await connection.ExecuteAsync(\"delete from orders\"); } await orders.FindFreshAsync(id);")]
    [InlineData("await using (var raw = await connection.BeginTransactionAsync(ct)) { await connection.ExecuteAsync(\"delete from orders\"); if (flag) return null; await raw.CommitAsync(); } await orders.FindFreshAsync(id);")]
    [InlineData("try { await using var raw = await connection.BeginTransactionAsync(ct); await connection.ExecuteAsync(\"delete from orders\"); await raw.CommitAsync(); } catch (TimeoutException) { await orders.FindFreshAsync(id); }")]
    public Task NoFalsePositive_On_any_of_the_ways(string statements) => FlowRule.Proves(nameof(CTR203), statements);

    [Theory]
    [InlineData("await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); await work.CommitAsync(); return await figures.OrdersAsync();")]
    [InlineData("await using var work = await reports.BeginTransactionAsync(); await figures.NoteAsync(id); var n = await figures.CountAsync(); await work.CommitAsync(); return n;")]
    [InlineData("await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); var n = await orders.CountAsync(); await work.CommitAsync(); return n;")]
    public Task NoFalsePositive_Of_two_data_sources(string statements) => FlowRule.Proves(nameof(CTR203), "", "", CTR201.TwoSources(statements), CTR201.Web);

    [Fact]
    public Task NoFalsePositive_Scope_that_is_over() => FlowRule.Proves(
        nameof(CTR203),
        "using (var scope = new System.Transactions.TransactionScope()) { await orders.SetStatusAsync(id, status); scope.Complete(); } await orders.FindAsync(id);");

    [Fact]
    public Task NoFalsePositive_Context_that_has_saved_nothing_yet() => FlowRule.Proves(
        nameof(CTR203),
        "await using var raw = await context.Database.BeginTransactionAsync(ct); context.Orders.Add(new Row()); await orders.FindAsync(id); await context.SaveChangesAsync(); await raw.CommitAsync();",
        "private readonly ShopContext context = null!;",
        Context);

    private const string Context =
        """
        using System.ComponentModel.DataAnnotations.Schema; using Microsoft.EntityFrameworkCore;
        [Table("orders")] public sealed class Row { public long Id { get; set; } }
        public sealed class ShopContext : DbContext { public DbSet<Row> Orders => Set<Row>(); }
        """;
}
