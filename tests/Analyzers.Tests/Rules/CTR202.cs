using CompileTimeRouting.Analyzers.Tests.Flow;

namespace CompileTimeRouting.Analyzers.Tests.Rules;

public class CTR202
{
    [Fact]
    public Task Message_names_the_read_the_write_and_the_table() => Rule.Reports(
        """
        public sealed partial class Accounts(RoutedDataSource db)
        {
            [ReadQuery("select balance from accounts where id = @id")]
            public partial Task<long> BalanceAsync(long id);

            [WriteCommand("update accounts set balance = @balance where id = @id")]
            public partial Task SetBalanceAsync(long id, long balance);

            public async Task DepositAsync(long id, long amount)
            {
                var balance = await {|CTR202:BalanceAsync(id)|};
                await {|1:SetBalanceAsync(id, balance + amount)|};
            }
        }
        """,
        "The answer of 'BalanceAsync', which may be a replica's old one, goes into the write 'SetBalanceAsync' (both of 'accounts'); read it with ReadConsistency.Strong, in the unit of work, or in the SQL of the write");

    /// <summary>A value of a table goes into a write of the same.</summary>
    [Theory]
    [InlineData("var balance = await {|CTR202:customers.BalanceAsync(id)|}; await customers.SetBalanceAsync(id, balance - 5);")]
    [InlineData("await customers.SetBalanceAsync(id, await {|CTR202:customers.BalanceAsync(id)|} - 5);")]
    [InlineData("var balance = await {|CTR202:customers.BalanceAsync(id)|}; var rest = balance - 5; if (rest < 0) return null; await customers.SetBalanceAsync(id, rest);")]
    [InlineData("var customer = await {|CTR202:customers.FindAsync(id)|}; await customers.SetBalanceAsync(id, customer!.Balance - 5);")]
    [InlineData("if (await {|CTR202:customers.FindAsync(id)|} is { } customer) await customers.SetBalanceAsync(id, customer.Balance - 5);")]
    [InlineData("var customer = await {|CTR202:customers.FindAsync(id)|} ?? throw new InvalidOperationException(); await customers.SetBalanceAsync(customer.Id, customer.Balance + 1);")]
    [InlineData("long next = 0; next = await {|CTR202:orders.CountAsync()|} + 1; await orders.AddAsync(next, status);")]
    [InlineData("foreach (var order in await {|CTR202:orders.ListAsync(status)|}) await orders.SetTotalAsync(order.Id, order.Total * 2);")]
    [InlineData("var customer = await {|CTR202:customers.FindAsync(id)|}; if (customer is { Balance: var balance }) await customers.SetBalanceAsync(id, balance);")]
    [InlineData("var (a, b) = (await {|CTR202:customers.BalanceAsync(id)|}, 1); await customers.SetBalanceAsync(id, a + b);")]
    [InlineData("var balance = await {|CTR202:customers.BalanceAsync(id)|}; await Store(balance); Task Store(long value) => customers.SetBalanceAsync(id, value);")]
    [InlineData("var balance = await {|CTR202:customers.BalanceAsync(id)|}; await connection.ExecuteAsync(\"update customers set balance = @balance\", new { balance });")]
    public Task Value_goes_into_a_write_of_the_table(string statements) => FlowRule.Proves(nameof(CTR202), statements);

    /// <summary>Worth knowing, and often meant.</summary>
    [Theory]
    [InlineData("if (!await {|CTR202 info:customers.ExistsAsync(status)|}) await customers.AddAsync(id, status);")]
    [InlineData("if (await {|CTR202 info:customers.ExistsAsync(status)|}) return null; await customers.AddAsync(id, status);")]
    [InlineData("var exists = await {|CTR202 info:customers.ExistsAsync(status)|}; if (exists) throw new InvalidOperationException(); await customers.AddAsync(id, status);")]
    [InlineData("if (await {|CTR202 info:orders.FindAsync(id)|} is null) await orders.AddAsync(id, status); else await orders.SetStatusAsync(id, status);")]
    [InlineData("var order = await {|CTR202 info:orders.FindAsync(id)|}; if (order is null) return null; await orders.SetStatusAsync(id, status);")]
    [InlineData("var order = await {|CTR202 info:orders.FindAsync(id)|}; await orders.SetStatusAsync(order!.Id, status);")]
    [InlineData("foreach (var job in await {|CTR202 info:jobs.PendingAsync(10)|}) await jobs.DoneAsync(job.Id);")]
    [InlineData("switch (await {|CTR202 info:customers.BalanceAsync(id)|}) { case > 5: await customers.SetBalanceAsync(id, 0); break; }")]
    [InlineData("var customer = await {|CTR202 info:customers.FindAsync(id)|}; await orders.AddAsync(id, customer!.Name);")]
    [InlineData("var job = await {|CTR202 info:jobs.NextAsync()|}; await orders.SetStatusAsync(id, job!.Payload);")]
    public Task Decides_or_goes_elsewhere(string statements) => FlowRule.Proves(nameof(CTR202), statements);

    [Theory]
    [InlineData("var balance = await customers.StrongBalanceAsync(id); await customers.SetBalanceAsync(id, balance - 5);")]
    [InlineData("var order = await orders.FindStrongAsync(id); await orders.SetTotalAsync(id, order!.Total + 1);")]
    [InlineData("var order = await orders.FindFreshAsync(id); await orders.SetTotalAsync(id, order!.Total + 1);")]
    [InlineData("await using var work = await db.BeginTransactionAsync(); var balance = await customers.BalanceAsync(id); await customers.SetBalanceAsync(id, balance - 5); await work.CommitAsync();")]
    [InlineData("var balance = await customers.BalanceAsync(id); Console.WriteLine(balance); await customers.SetBalanceAsync(id, 5);")]
    [InlineData("await customers.SetBalanceAsync(id, 5); return await customers.BalanceAsync(id);")]
    [InlineData("var customer = await customers.FindAsync(id); await orders.SetStatusAsync(customer!.Id, status);")]
    [InlineData("if (await customers.FindAsync(id) is null) return null; await orders.AddAsync(id, status);")]
    [InlineData("var orderList = await orders.ListAsync(status); return orderList.Count;")]
    [InlineData("if (flag) return await customers.BalanceAsync(id); await customers.SetBalanceAsync(id, 5);")]
    [InlineData("var total = await orders.OfTableAsync(status); await orders.SetTotalAsync(id, total);")]
    [InlineData("var count = await orders.CountAsync(); await Orders.ClearAsync(connection, status + count);")]
    [InlineData("var balance = await customers.BalanceAsync(id); balance.ToString(); await jobs.EnqueueAsync(status);")]
    public Task NoFalsePositive_In_one_method(string statements) => FlowRule.Proves(nameof(CTR202), statements);

    /// <summary>The answer of a later read, on one of the ways, or by another variable.</summary>
    [Theory]
    [InlineData("var balance = 0L; if (flag) balance = await {|CTR202:customers.BalanceAsync(id)|}; await customers.SetBalanceAsync(id, balance);")]
    [InlineData("var balance = 5L; balance += await {|CTR202:customers.BalanceAsync(id)|}; await customers.SetBalanceAsync(id, balance);")]
    [InlineData("var balance = await {|CTR202:customers.BalanceAsync(id)|}; if (flag) balance = 0; await customers.SetBalanceAsync(id, balance);")]
    [InlineData("long balance = 0; while (flag) { await customers.SetBalanceAsync(id, balance); balance = await {|CTR202:customers.BalanceAsync(id)|}; }")]
    [InlineData("var asking = {|CTR202:customers.BalanceAsync(id)|}; await Task.Yield(); var balance = await asking; await customers.SetBalanceAsync(id, balance + 1);")]
    [InlineData("var answers = await Task.WhenAll({|CTR202:customers.BalanceAsync(id)|}, Task.FromResult(1L)); await customers.SetBalanceAsync(id, answers[0] + 1);")]
    [InlineData("var balance = await {|CTR202:customers.BalanceAsync(id)|}; try { balance--; } finally { await customers.SetBalanceAsync(id, balance); }")]
    [InlineData("var balance = await {|CTR202:customers.BalanceAsync(id)|}; Func<Task> save = () => customers.SetBalanceAsync(id, balance); await save();")]
    [InlineData("var balance = await {|CTR202:customers.BalanceAsync(id)|}; await Task.Run(() => customers.SetBalanceAsync(id, balance + 1));")]
    [InlineData("var rows = new List<long>(); rows.Add(await {|CTR202:customers.BalanceAsync(id)|}); foreach (var row in rows) await customers.SetBalanceAsync(id, row);")]
    [InlineData("kept = await {|CTR202:customers.BalanceAsync(id)|}; await customers.SetBalanceAsync(id, kept);")]
    [InlineData("await using var command = new NpgsqlCommand(\"update customers set balance = @b\", connection) { Parameters = { new NpgsqlParameter(\"b\", await {|CTR202:customers.BalanceAsync(id)|}) } }; await command.ExecuteNonQueryAsync(ct);")]
    public Task Value_on_one_of_the_ways(string statements) => FlowRule.Proves(nameof(CTR202), statements, "private long kept;");

    /// <summary>One name for two variables, and a variable that has got something else.</summary>
    [Theory]
    [InlineData("{ var balance = await customers.BalanceAsync(id); Console.WriteLine(balance); } { var balance = 5L; await customers.SetBalanceAsync(id, balance); }")]
    [InlineData("if (flag) { var balance = await customers.BalanceAsync(id); return balance; } else { var balance = 5L; await customers.SetBalanceAsync(id, balance); }")]
    [InlineData("var balance = await customers.BalanceAsync(id); Console.WriteLine(balance); balance = 5; await customers.SetBalanceAsync(id, balance);")]
    [InlineData("var balance = 5L; await customers.SetBalanceAsync(id, balance); balance = await customers.BalanceAsync(id); return balance;")]
    [InlineData("var balance = await customers.BalanceAsync(id); Console.WriteLine(balance); balance = await customers.StrongBalanceAsync(id); await customers.SetBalanceAsync(id, balance);")]
    [InlineData("foreach (var one in ids) Console.WriteLine(await customers.FindAsync(one)); foreach (var one in ids) await customers.SetBalanceAsync(one, 5);")]
    [InlineData("Console.WriteLine(await customers.BalanceAsync(id) is var balance ? balance : 0); await Set(5); Task Set(long balance) => customers.SetBalanceAsync(id, balance);")]
    [InlineData("var balance = await customers.BalanceAsync(id); Console.WriteLine(balance); Func<long, Task> set = balance => customers.SetBalanceAsync(id, balance); await set(5);")]
    [InlineData("var balance = flag ? await customers.BalanceAsync(id) : 0; Console.WriteLine(balance); await customers.SetBalanceAsync(id, balance: 5);")]
    [InlineData("long balance; if (flag) { balance = await customers.BalanceAsync(id); return balance; } balance = 7; await customers.SetBalanceAsync(id, balance);")]
    public Task NoFalsePositive_Another_value(string statements) => FlowRule.Proves(nameof(CTR202), statements);

    [Fact]
    public Task NoFalsePositive_Member_of_the_same_name() => FlowRule.Proves(
        nameof(CTR202), "var balance = await customers.BalanceAsync(id); Console.WriteLine(balance); await customers.SetBalanceAsync(id, settings.balance);",
        "private readonly Settings settings = new(1);", "public sealed record Settings(long balance);");

    [Fact]
    public Task NoFalsePositive_Core_in_its_transaction() => FlowRule.Proves(
        nameof(CTR202), "", "",
        """
        public sealed partial class Ledger(RoutedDataSource db, Customers customers)
        {
            [WriteCommand(Transaction = true)] public partial Task<int> CloseAsync(long id);
            private async Task<int> CloseAsync(NpgsqlConnection connection, long id) => await connection.ExecuteAsync("update customers set balance = @b", new { b = await customers.BalanceAsync(id) });
        }
        """);
}
