using CompileTimeRouting.Analyzers.Tests.Flow;

namespace CompileTimeRouting.Analyzers.Tests.Rules;

public class CTR201
{
    private const string Page =
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = @id")]
            public partial Task<string?> FindAsync(long id);

            [WriteCommand("update notes set body = @body where id = @id")]
            public partial Task SaveAsync(long id, string body);

            PLACE
        }
        """;

    [Fact]
    public Task Message_names_both_methods_and_the_table() => Rule.Reports(
        Page.Replace("PLACE", """
            public async Task<string?> EditAsync(long id, string body)
            {
                {|1:await|} Task.Yield();
                await SaveAsync(id, body);
                return await {|CTR201:FindAsync(id)|};
            }
            """, StringComparison.Ordinal).Replace("{|1:await|}", "await", StringComparison.Ordinal),
        "'FindAsync' reads 'notes' after 'SaveAsync' has written it, and a replica may not have that yet; set Consistency = ReadConsistency.ReadYourWrites on 'FindAsync'");

    [Fact]
    public Task Message_shows_the_way_and_the_places_are_additional_locations() => Rule.Reports(
        Page.Replace("PLACE", """
            public async Task<string?> EditAsync(long id, string body)
            {
                await {|1:StoreAsync(id, body)|};
                return await {|CTR201:ShowAsync(id)|};
            }

            private Task StoreAsync(long id, string body) => {|2:SaveAsync(id, body)|};

            private async Task<string?> ShowAsync(long id) => await {|3:FindAsync(id)|} ?? "none";
            """, StringComparison.Ordinal),
        "'FindAsync' reads 'notes' after 'SaveAsync' has written it ('StoreAsync' → 'SaveAsync', then 'ShowAsync' → 'FindAsync'), and a replica may not have that yet; set Consistency = ReadConsistency.ReadYourWrites on 'FindAsync'");

    /// <summary>Straight and branching code.</summary>
    [Theory]
    [InlineData("await orders.SetStatusAsync(id, status); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await orders.AddAsync(id, status); var order = await {|CTR201:orders.FindAsync(id)|}; return order;")]
    [InlineData("orders.Add(id, status); return {|CTR201:orders.Find(id)|};")]
    [InlineData("await orders.SetStatusAsync(id, status).ConfigureAwait(false); return await {|CTR201:orders.FindAsync(id)|}.ConfigureAwait(false);")]
    [InlineData("await orders.SetTotalAsync(id, 5); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await orders.SetStatusAsync(id, status); return await {|CTR201:orders.CountAsync()|};")]
    [InlineData("await orders.SetStatusAsync(id, status); return await {|CTR201:orders.FindRecentAsync(id)|};")]
    [InlineData("await orders.SetStatusAsync(id, status); return await {|CTR201:orders.ListAsync(status)|};")]
    [InlineData("await orders.SetStatusAsync(id, status); return await {|CTR201:orders.TotalAsync(id)|};")]
    [InlineData("await orders.PayAsync(id); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await orders.AddAsync(id, status); return await {|CTR201:customers.WithOrdersAsync(status)|};")]
    [InlineData("if (flag) await orders.SetStatusAsync(id, status); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("if (flag) { await orders.AddAsync(id, status); } else { await orders.SetStatusAsync(id, status); } return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await orders.SetStatusAsync(id, status); if (flag) return null; return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await orders.SetStatusAsync(id, status); return flag ? null : await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await orders.SetStatusAsync(id, status); return status switch { \"a\" => await {|CTR201:orders.FindAsync(id)|}, _ => null };")]
    [InlineData("switch (status) { case \"new\": await orders.AddAsync(id, status); break; default: break; } return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("if (await orders.SetStatusAsync(id, status) == 0) return null; return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("var n = await orders.SetStatusAsync(id, status) > 0 ? await {|CTR201:orders.FindAsync(id)|} : null; return n;")]
    [InlineData("try { await orders.SetStatusAsync(id, status); } finally { Console.WriteLine(id); } return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("try { await orders.SetStatusAsync(id, status); } catch (TimeoutException) { return null; } return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("try { Console.WriteLine(); } finally { await orders.SetStatusAsync(id, status); } return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("try { await orders.SetStatusAsync(id, status); } finally { Console.WriteLine(await {|CTR201:orders.CountAsync()|}); }")]
    [InlineData("try { await orders.SetStatusAsync(id, status); await jobs.EnqueueAsync(status); } catch (TimeoutException) { return await {|CTR201:orders.FindAsync(id)|}; }")]
    [InlineData("await orders.SetStatusAsync(id, status); await foreach (var order in {|CTR201:orders.StreamAsync()|}) Console.WriteLine(order);")]
    [InlineData("foreach (var one in ids) await orders.SetStatusAsync(one, status); return await {|CTR201:orders.ListAsync(status)|};")]
    [InlineData("for (var i = 0; i < ids.Length; i++) { await orders.SetStatusAsync(ids[i], status); Console.WriteLine(await {|CTR201:orders.FindAsync(ids[i])|}); }")]
    [InlineData("using var buffer = new System.IO.MemoryStream(); await orders.SetStatusAsync(id, status); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await using (connection) { await orders.SetStatusAsync(id, status); } return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("lock (ids) { orders.Add(id, status); } return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await orders.SetStatusAsync(id, status); await customers.FindAsync(id); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await abstractOrders.AddAsync(id, status); return await {|CTR201:abstractOrders.FindAsync(id)|};")]
    [InlineData("await orders.SetStatusAsync(id, status); var first = {|CTR201:orders.FindAsync(id)|}; return await first;")]
    [InlineData("var saving = orders.SetStatusAsync(id, status); await saving; return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await Task.WhenAll(orders.SetStatusAsync(id, status), jobs.EnqueueAsync(status)); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("var all = new List<Task>(); foreach (var one in ids) all.Add(orders.SetStatusAsync(one, status)); await Task.WhenAll(all); return await {|CTR201:orders.CountAsync()|};")]
    [InlineData("await Task.WhenAll(ids.Select(one => orders.SetStatusAsync(one, status))); return await {|CTR201:orders.CountAsync()|};")]
    [InlineData("orders.SetStatusAsync(id, status).GetAwaiter().GetResult(); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await connection.ExecuteAsync(\"update orders set status = 'x' where id = @id\", new { id }); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await using var command = new NpgsqlCommand(\"delete from orders\", connection); await command.ExecuteNonQueryAsync(ct); return await {|CTR201:orders.CountAsync()|};")]
    [InlineData("await connection.QuerySingleAsync<long>(\"insert into orders default values returning id\"); return await {|CTR201:orders.CountAsync()|};")]
    [InlineData("await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); await work.CommitAsync(); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await using (var work = await db.BeginTransactionAsync()) { await orders.SetStatusAsync(id, status); await work.CommitAsync(); } return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await using var raw = await connection.BeginTransactionAsync(); await connection.ExecuteAsync(\"delete from orders\"); await raw.CommitAsync(); return await {|CTR201:orders.FindAsync(id)|};")]
    public Task Read_after_the_write(string statements) => FlowRule.Proves(nameof(CTR201), statements);

    /// <summary>Through other methods.</summary>
    [Theory]
    [InlineData("await SaveAsync(id); return await {|CTR201:orders.FindAsync(id)|};", "private Task SaveAsync(long id) => orders.SetStatusAsync(id, \"x\");")]
    [InlineData("await SaveAsync(id); return await {|CTR201:orders.FindAsync(id)|};", "private async Task SaveAsync(long id) { if (id > 0) { await orders.SetStatusAsync(id, \"x\"); return; } await Task.Yield(); }")]
    [InlineData("await orders.SetStatusAsync(id, status); return await {|CTR201:ShowAsync(id)|};", "private async Task<string> ShowAsync(long id) => (await orders.FindAsync(id))!.Status;")]
    [InlineData("await First(id); return await {|CTR201:ShowAsync(id)|};", "private Task First(long id) => Second(id); private Task Second(long id) => Third(id); private Task Third(long id) => orders.SetStatusAsync(id, \"x\"); private Task<Order?> ShowAsync(long id) => orders.FindAsync(id);")]
    [InlineData("await A(id); return await {|CTR201:orders.FindAsync(id)|};", "private Task A(long id) => B(id); private Task B(long id) => C(id); private Task C(long id) => D(id); private Task D(long id) => E(id); private Task E(long id) => F(id); private Task F(long id) => orders.SetStatusAsync(id, \"x\");")]
    [InlineData("await Save(); return await {|CTR201:orders.FindAsync(id)|}; Task Save() => orders.SetStatusAsync(id, status);", "")]
    [InlineData("await Save(); async Task<Order?> Save() { await orders.SetStatusAsync(id, status); return await {|CTR201:orders.FindAsync(id)|}; }", "")]
    [InlineData("Func<Task> save = () => orders.SetStatusAsync(id, status); await save(); return await {|CTR201:orders.FindAsync(id)|};", "")]
    [InlineData("await Retry(() => orders.SetStatusAsync(id, status)); return await {|CTR201:orders.FindAsync(id)|};", "private static async Task Retry(Func<Task> action) => await action();")]
    [InlineData("try { if (flag) Console.WriteLine(id); await Retry(async () => { await orders.SetStatusAsync(id, status); }); } catch (TimeoutException) { return null; } return await {|CTR201:orders.FindAsync(id)|};", "private static async Task Retry(Func<Task> action) => await action();")]
    [InlineData("await Retry(Save); return await {|CTR201:orders.FindAsync(id)|};", "private Task Save() => orders.SetStatusAsync(1, \"x\"); private static async Task Retry(Func<Task> action) => await action();")]
    [InlineData("Func<Task> save = Save; await save(); return await {|CTR201:orders.FindAsync(id)|};", "private Task Save() => orders.SetStatusAsync(1, \"x\");")]
    [InlineData("await Task.Run(() => orders.SetStatusAsync(id, status)); return await {|CTR201:orders.FindAsync(id)|};", "")]
    [InlineData("await Task.Run(async () => { await orders.SetStatusAsync(id, status); Console.WriteLine(await {|CTR201:orders.FindAsync(id)|}); });", "")]
    [InlineData("await Parallel.ForEachAsync(ids, async (one, token) => await orders.SetStatusAsync(one, status)); return await {|CTR201:orders.CountAsync()|};", "")]
    [InlineData("await RunAsync(\"update orders set status = 'x'\"); return await {|CTR201:orders.FindAsync(id)|};", "private Task RunAsync(string sql) => connection.ExecuteAsync(sql);")]
    [InlineData("await Save(id, 3); return await {|CTR201:orders.FindAsync(id)|};", "private async Task Save(long id, int times) { if (times > 0) await Save(id, times - 1); await orders.SetStatusAsync(id, \"x\"); }")]
    [InlineData("Last = status; return await {|CTR201:orders.FindAsync(id)|};", "private string Last { set => orders.Add(1, value); }")]
    [InlineData("await Orders.PayAsync(connection, id); return await {|CTR201:orders.FindAsync(id)|};", "")]
    public Task Read_after_the_write_through_methods(string statements, string members) => FlowRule.Proves(nameof(CTR201), statements, members);

    /// <summary>A job asks for the same again in the next round.</summary>
    [Theory]
    [InlineData("while (!ct.IsCancellationRequested) { var job = await {|CTR201:jobs.NextAsync()|}; if (job is null) break; await jobs.DoneAsync(job.Id); }")]
    [InlineData("while (await {|CTR201:jobs.NextAsync()|} is { } job) await jobs.DoneAsync(job.Id);")]
    [InlineData("while (!ct.IsCancellationRequested) { foreach (var job in await {|CTR201:jobs.PendingAsync(100)|}) await jobs.DoneAsync(job.Id); await Task.Delay(1000, ct); }")]
    [InlineData("do { var order = await {|CTR201:orders.FindAsync(id)|}; await orders.SetStatusAsync(id, status); } while (flag);")]
    [InlineData("for (var attempt = 0; attempt < 3; attempt++) { Console.WriteLine(await {|CTR201:orders.FindAsync(id)|}); await orders.SetStatusAsync(id, status); }")]
    public Task Read_of_the_next_round(string statements) => FlowRule.Proves(nameof(CTR201), statements);

    /// <summary>What comes after the write in the try may throw, and the handler then reads.</summary>
    [Theory]
    [InlineData("try { await orders.SetStatusAsync(id, status); await Mail(id); } catch (Exception) { return await {|CTR201:orders.FindAsync(id)|}; }")]
    [InlineData("try { await orders.SetStatusAsync(id, status); await Mail(id); } catch { return await {|CTR201:orders.FindAsync(id)|}; }")]
    [InlineData("try { await orders.SetStatusAsync(id, status); throw new InvalidOperationException(); } catch (InvalidOperationException) { return await {|CTR201:orders.FindAsync(id)|}; }")]
    [InlineData("try { await orders.SetStatusAsync(id, status); if (flag) throw new TimeoutException(); } catch (Exception) { return await {|CTR201:orders.FindAsync(id)|}; }")]
    [InlineData("try { orders.Add(id, status); _ = new Uri(status); } catch (UriFormatException) { return await {|CTR201:orders.FindAsync(id)|}; }")]
    [InlineData("try { await orders.SetStatusAsync(id, status); await jobs.EnqueueAsync(status); } catch (PostgresException) { return await {|CTR201:orders.FindAsync(id)|}; }")]
    [InlineData("try { var a = orders.SetStatusAsync(id, status); var b = Mail(id); await a; await b; } catch (TimeoutException) { return await {|CTR201:orders.FindAsync(id)|}; }")]
    [InlineData("try { try { await orders.SetStatusAsync(id, status); await Mail(id); } finally { Console.WriteLine(id); } } catch (TimeoutException) { return await {|CTR201:orders.FindAsync(id)|}; }")]
    [InlineData("try { await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); await work.CommitAsync(); await Mail(id); } catch (TimeoutException) { return await {|CTR201:orders.FindAsync(id)|}; }")]
    [InlineData("try { await orders.SetStatusAsync(id, status); } catch (TimeoutException) { await orders.SetTotalAsync(id, 5); throw; } finally { Console.WriteLine(await {|CTR201:orders.CountAsync()|}); }")]
    [InlineData("try { try { await orders.SetStatusAsync(id, status); await Mail(id); } catch (TimeoutException) { throw; } } catch (Exception) { return await {|CTR201:orders.FindAsync(id)|}; }")]
    public Task Read_in_a_handler(string statements) => FlowRule.Proves(nameof(CTR201), statements, MailMember);

    /// <summary>Each round has a scope of its own, and asks for the same again.</summary>
    [Theory]
    [InlineData("while (!ct.IsCancellationRequested) { using var scope = scopes.CreateScope(); var jobs = scope.ServiceProvider.GetRequiredService<Jobs>(); var job = await {|CTR201:jobs.NextAsync()|}; if (job is null) break; await jobs.DoneAsync(job.Id); }")]
    [InlineData("while (!ct.IsCancellationRequested) { await using (var scope = scopes.CreateAsyncScope()) { var services = scope.ServiceProvider; var job = await {|CTR201:services.GetRequiredService<Jobs>().NextAsync()|}; if (job is null) break; await services.GetRequiredService<Jobs>().DoneAsync(job.Id); } }")]
    [InlineData("while (true) { var job = await {|CTR201:provider.GetRequiredService<Jobs>().NextAsync()|}; if (job is null) break; await provider.GetRequiredService<Jobs>().DoneAsync(job.Id); }")]
    [InlineData("while (true) { using var scope = scopes.CreateScope(); if (!await {|CTR201:WorkAsync(scope.ServiceProvider, ct)|}) break; }")]
    [InlineData("while (true) { using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); var job = await {|CTR201:worker.NextAsync(linked.Token)|}; if (job is null) break; await worker.DoneAsync(job.Id); }")]
    public Task Read_of_the_next_round_of_a_hosted_service(string statements) => FlowRule.Proves(nameof(CTR201), "", "", Hosted(statements), Web);

    /// <summary>A task that a variable holds is done where something waits for it.</summary>
    [Theory]
    [InlineData("Task.WaitAll(orders.SetStatusAsync(id, status), jobs.EnqueueAsync(status)); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("var saving = orders.SetStatusAsync(id, status); saving.Wait(); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("var saving = orders.SetStatusAsync(id, status); Console.WriteLine(saving.Result); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("var saving = orders.SetStatusAsync(id, status); saving.GetAwaiter().GetResult(); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("var saving = orders.SetStatusAsync(id, status); saving.ConfigureAwait(false).GetAwaiter().GetResult(); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("var saving = orders.SetStatusAsync(id, status); Task.WaitAll(saving, jobs.EnqueueAsync(status)); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("var saving = orders.SetStatusAsync(id, status); var both = Task.WhenAll(saving, jobs.EnqueueAsync(status)); await both; return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("var all = new Task[2]; all[0] = orders.SetStatusAsync(id, status); all[1] = Task.CompletedTask; await Task.WhenAll(all); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("this.saving = orders.SetStatusAsync(id, status); await this.saving; return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("saving = orders.SetStatusAsync(id, status); await saving; return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("var rows = {|CTR201:orders.StreamAsync()|}; await orders.SetStatusAsync(id, status); await foreach (var row in rows) Console.WriteLine(row);")]
    [InlineData("var rows = {|CTR201:orders.StreamAsync()|}; await orders.SetStatusAsync(id, status); return rows;")]
    public Task Tasks_and_streams_in_variables(string statements) => FlowRule.Proves(nameof(CTR201), statements, "private Task saving = Task.CompletedTask;");

    /// <summary>Not only methods have bodies.</summary>
    [Theory]
    [InlineData("public Order? Saved => orders.Add(1, \"x\") > 0 ? {|CTR201:orders.Find(1)|} : null;")]
    [InlineData("public Order? Saved { get => orders.Add(1, \"x\") > 0 ? {|CTR201:orders.Find(1)|} : null; }")]
    [InlineData("public Order? this[long at] => orders.Add(at, \"x\") > 0 ? {|CTR201:orders.Find(at)|} : null;")]
    [InlineData("public string Named { get => \"\"; init { orders.Add(1, value); Console.WriteLine({|CTR201:orders.Find(1)|}); } }")]
    [InlineData("public event Action Saving { add { orders.Add(1, \"x\"); Console.WriteLine({|CTR201:orders.Find(1)|}); } remove { orders.Add(1, \"x\"); Console.WriteLine({|CTR201:orders.Find(1)|}); } }")]
    [InlineData("public static Service operator +(Service one, long id) { one.Orders.Add(id, \"x\"); Console.WriteLine({|CTR201:one.Orders.Find(id)|}); return one; } private Orders Orders => orders;")]
    [InlineData("public static explicit operator string(Service one) { one.Orders.Add(1, \"x\"); return {|CTR201:one.Orders.Find(1)|}!.Status; } private Orders Orders => orders;")]
    public Task Bodies_of_other_members(string members) => FlowRule.Proves(nameof(CTR201), "", members);

    /// <summary>A library that is asked to run something runs it.</summary>
    [Theory]
    [InlineData("policy.Execute(() => orders.Add(id, status)); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("policy.Invoke(() => orders.Add(id, status)); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("orders.Add(id, status); Console.WriteLine({|CTR201:policy.Execute(() => orders.Find(id))|});")]
    public Task Lambdas_that_a_library_runs(string statements) => FlowRule.Proves(
        nameof(CTR201), statements, "private readonly Library.Policy policy = null!;", beside: new Surroundings { Library = Policy });

    /// <summary>Where ways join, each of them counts by itself.</summary>
    [Theory]
    [InlineData("RoutedTransaction? work = null; if (flag) work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); if (work is not null) await work.CommitAsync(); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("if (flag) await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await orders.SetStatusAsync(id, status); if (flag) await db.BeginTransactionAsync(); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("NpgsqlTransaction? raw = null; if (flag) raw = await connection.BeginTransactionAsync(); await connection.ExecuteAsync(\"delete from orders\"); if (flag) await raw!.CommitAsync(); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("NpgsqlTransaction? raw = null; if (flag) raw = await connection.BeginTransactionAsync(); await connection.ExecuteAsync(\"delete from orders\"); if (raw is not null) await raw.CommitAsync(); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await using (var work = await db.BeginTransactionAsync()) { await orders.SetStatusAsync(id, status); if (flag) await work.CommitAsync(); else await work.RollbackAsync(); } return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("while (flag) { await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); await work.CommitAsync(); } return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("try { await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); await work.CommitAsync(); await jobs.EnqueueAsync(status); } catch (TimeoutException) { return await {|CTR201:orders.FindAsync(id)|}; }")]
    [InlineData("try { if (flag) await orders.SetStatusAsync(id, status); else await jobs.EnqueueAsync(status); } finally { Console.WriteLine(await {|CTR201:orders.CountAsync()|}); }")]
    [InlineData("if (flag) { await orders.SetStatusAsync(id, status); goto show; } await jobs.EnqueueAsync(status); show: return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("foreach (var one in ids) { if (one == 0) continue; await orders.SetStatusAsync(one, status); if (one == 1) break; } return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await using var raw = await connection.BeginTransactionAsync(); await using (var work = await db.BeginTransactionAsync()) { await orders.SetStatusAsync(id, status); await work.CommitAsync(); } return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("var saving = Task.CompletedTask; if (flag) saving = orders.SetStatusAsync(id, status); await saving; return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("var all = ids.Select(one => orders.SetStatusAsync(one, status)).ToList(); foreach (var one in all) await one; return await {|CTR201:orders.CountAsync()|};")]
    [InlineData("var all = new List<Task>(); foreach (var one in ids) all.Add(orders.SetStatusAsync(one, status)); foreach (var one in all) await one; return await {|CTR201:orders.CountAsync()|};")]
    [InlineData("var (a, b) = (orders.SetStatusAsync(id, status), jobs.EnqueueAsync(status)); await Task.WhenAll(a, b); return await {|CTR201:orders.FindAsync(id)|};")]
    public Task Read_after_ways_that_join(string statements) => FlowRule.Proves(nameof(CTR201), statements);

    [Fact]
    public Task Methods_that_call_each_other() => FlowRule.Proves(
        nameof(CTR201), "await Even(id); return await {|CTR201:orders.FindAsync(id)|};",
        """
        private async Task Even(long n) { if (n > 0) await Odd(n - 1); }
        private async Task Odd(long n) { if (n > 0) await Even(n - 1); else await orders.SetStatusAsync(n, "x"); }
        """);

    [Fact]
    public async Task Thirty_methods_each_of_which_calls_all()
    {
        const int Count = 30;
        var members = new System.Text.StringBuilder();
        for (var i = 0; i < Count; i++)
        {
            members.Append(System.Globalization.CultureInfo.InvariantCulture, $"private async Task M{i}(long id) {{ if (id > 5) await orders.SetStatusAsync(id, \"x\");");
            for (var j = 0; j < Count; j++)
                members.Append(System.Globalization.CultureInfo.InvariantCulture, $" if (id > {j}) await M{j}(id - 1);");
            members.Append(" await jobs.FindAsync(id); }\n");
        }

        var ct = TestContext.Current.CancellationToken;
        await Task.Run(() => FlowRule.Proves(nameof(CTR201), "await M0(id); return await {|CTR201:orders.FindAsync(id)|};", members.ToString()), ct).WaitAsync(TimeSpan.FromMinutes(1), ct);
    }

    [Fact]
    public async Task Body_of_a_thousand_calls()
    {
        var statements = string.Concat(Enumerable.Range(0, 500).Select(static i => $"Console.WriteLine(await customers.BalanceAsync({i})); if (flag) await jobs.DoneAsync({i});\n"));
        var ct = TestContext.Current.CancellationToken;
        await Task.Run(() => FlowRule.Proves(nameof(CTR201), statements + "await orders.SetStatusAsync(id, status); return await {|CTR201:orders.FindAsync(id)|};"), ct).WaitAsync(TimeSpan.FromMinutes(2), ct);
    }

    /// <summary>The message leads to its handler, and a worker goes round.</summary>
    [Theory]
    [InlineData("await mediator.Send(new Close(id)); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await mediator.Publish(new Close(id)); return await {|CTR201:mediator.Send(new Ask(id))|};")]
    [InlineData("await orders.SetStatusAsync(id, status); return await {|CTR201:mediator.Send(new Ask(id))|};")]
    [InlineData("while (!ct.IsCancellationRequested) { await mediator.Send(new Close(id)); if (await {|CTR201:orders.CountAsync()|} == 0) break; }")]
    public Task Handlers_of_messages(string statements) => FlowRule.Proves(nameof(CTR201), statements, "private readonly IMediator mediator = null!;", Messages);

    [Fact]
    public Task Way_of_twenty_methods() => FlowRule.Proves(
        nameof(CTR201), "await M0(id); return await {|CTR201:orders.FindAsync(id)|};",
        string.Concat(Enumerable.Range(0, 20).Select(static i => $"private async Task M{i}(long id) => await M{i + 1}(id);\n")) + "private Task M20(long id) => orders.SetStatusAsync(id, \"x\");");

    [Theory]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "context.Orders.Add(new Row()); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "var row = await context.Orders.FirstAsync(o => o.Id == id); row.Status = status; ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "context.Remove(new Row()); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "context.Entry(new Row()).State = EntityState.Modified; ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "var entry = context.Entry(new Row()); entry.Property(r => r.Status).IsModified = true; ")]
    [InlineData("return await {|CTR201:orders.FindAsync(id)|};", "await context.Orders.Where(o => o.Id == id).ExecuteDeleteAsync(); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "context.Plain.Add(new Plain()); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "context.Fluent.Add(new Fluent()); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "context.Configured.Add(new Configured()); ")]
    [InlineData("return await {|CTR201:orders.FindAsync(id)|};", "await context.Orders.Where(o => o.Id == id).ExecuteUpdateAsync(s => s.SetProperty(o => o.Status, status)); ")]
    [InlineData("return await {|CTR201:orders.FindAsync(id)|};", "context.Configured.ExecuteUpdate(s => s.SetProperty(c => c.Id, id)); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "var row = new Row { Id = id }; context.Attach(row); row.Status = status; ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "context.Rest.Add(new Rest()); context.Attach(new Row()); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "var row = await context.Orders.FirstAsync(o => o.Id == id); row.Status = status; context.Rest.Add(new Rest()); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "var row = await context.Orders.FirstAsync(o => o.Id == id); row.Version++; context.Rest.Add(new Rest()); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "var row = await context.Orders.FirstAsync(o => o.Id == id); row.Close(); context.Rest.Add(new Rest()); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "var rest = await context.Rest.Include(r => r.Rows).FirstAsync(); rest.Rows.Add(new Row()); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "context.Rest.Add(new Rest { Rows = { new Row() } }); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "var set = context.Orders; set.Add(new Row()); ")]
    [InlineData("await context.SaveChangesAsync(); return await {|CTR201:orders.FindAsync(id)|};", "context.ChangeTracker.TrackGraph(new Row(), n => n.Entry.State = EntityState.Added); ")]
    public Task Entities(string after, string before) => FlowRule.Proves(
        nameof(CTR201), before + after, "private readonly ShopContext context = null!;",
        """
        using System.ComponentModel.DataAnnotations.Schema; using Microsoft.EntityFrameworkCore;
        [Table("orders")] public sealed class Row { public long Id { get; set; } public string Status { get; set; } = ""; public int Version { get; set; } public void Close() => Status = "closed"; }
        [Table("orders", Schema = "public")] public sealed class Plain { public long Id { get; set; } }
        public sealed class Fluent { public long Id { get; set; } }
        public sealed class Configured { public long Id { get; set; } }
        public sealed class Rest { public long Id { get; set; } public List<Row> Rows { get; } = []; }
        public sealed class Configuration : IEntityTypeConfiguration<Configured>
        {
            public void Configure(Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<Configured> builder) => builder.ToTable("orders", "public");
        }
        public sealed class ShopContext : DbContext
        {
            public DbSet<Configured> Configured => Set<Configured>();
            public DbSet<Rest> Rest => Set<Rest>();
            public DbSet<Row> Orders => Set<Row>();
            public DbSet<Plain> Plain => Set<Plain>();
            public DbSet<Fluent> Fluent => Set<Fluent>();
            protected override void OnModelCreating(ModelBuilder builder) => builder.Entity<Fluent>().ToTable("orders");
        }
        """);

    /// <summary>What is included is read as well, from the table of its own entity.</summary>
    [Theory]
    [InlineData("await lines.AddAsync(id); return await {|CTR201:reads.WithLinesAsync(context)|};")]
    [InlineData("await lines.AddAsync(id); return await {|CTR201:reads.WithSomeLinesAsync(context)|};")]
    [InlineData("await lines.AddAsync(id); return await {|CTR201:reads.WithLinesByNameAsync(context)|};")]
    [InlineData("await lines.AddPartAsync(id); return await {|CTR201:reads.WithPartsAsync(context)|};")]
    [InlineData("await lines.AddPartAsync(id); return await {|CTR201:reads.WithPartsByNameAsync(context)|};")]
    [InlineData("await orders.SetStatusAsync(id, status); return await {|CTR201:reads.WithLinesAsync(context)|};")]
    public Task Included_entities(string statements) => FlowRule.Proves(nameof(CTR201), statements, IncludingMembers, Including);

    [Theory]
    [InlineData("await lines.AddAsync(id); return await reads.WithoutLinesAsync(context);")]
    [InlineData("await lines.AddPartAsync(id); return await reads.WithLinesAsync(context);")]
    [InlineData("await lines.AddAsync(id); return await reads.WithLinesOwnWritesAsync(context);")]
    [InlineData("await lines.AddOtherAsync(id); return await reads.WithLinesAsync(context);")]
    public Task NoFalsePositive_Included_entities(string statements) => FlowRule.Proves(nameof(CTR201), statements, IncludingMembers, Including);

    private const string IncludingMembers = "private readonly ShopContext context = null!; private readonly Reads reads = null!; private readonly Lines lines = null!;";

    // The table of an order's lines has the name of their set, and that of parts the one of their configuration.
    private const string Including =
        """
        using Microsoft.EntityFrameworkCore; using Microsoft.EntityFrameworkCore.Metadata.Builders;
        public sealed class Row { public long Id { get; set; } public List<Line> Lines { get; } = []; }
        public sealed class Line { public long Id { get; set; } public string Text { get; set; } = ""; public Part Part { get; set; } = null!; }
        public sealed class Part { public long Id { get; set; } }
        public sealed class PartConfiguration : IEntityTypeConfiguration<Part>
        {
            public void Configure(EntityTypeBuilder<Part> part) { part.HasKey(p => p.Id); part.ToTable("parts_of_lines"); }
        }
        public sealed class ShopContext : DbContext
        {
            public DbSet<Row> Orders => Set<Row>();
            public DbSet<Line> OrderLines { get; set; }
        }
        public sealed partial class Reads(RoutedDataSource db)
        {
            [ReadQuery] public static Task<List<Row>> WithLinesAsync(NpgsqlConnection connection, ShopContext context) => context.Orders.Include(o => o.Lines).ToListAsync();
            [ReadQuery] public static Task<List<Row>> WithSomeLinesAsync(NpgsqlConnection connection, ShopContext context) => context.Orders.Include(o => o.Lines.Where(l => l.Text != "")).ToListAsync();
            [ReadQuery] public static Task<List<Row>> WithLinesByNameAsync(NpgsqlConnection connection, ShopContext context) => context.Orders.Include("Lines").ToListAsync();
            [ReadQuery] public static Task<List<Row>> WithPartsAsync(NpgsqlConnection connection, ShopContext context) => context.Orders.Include(o => o.Lines).ThenInclude(l => l.Part).ToListAsync();
            [ReadQuery] public static Task<List<Row>> WithPartsByNameAsync(NpgsqlConnection connection, ShopContext context) => context.Orders.Include("Lines.Part").ToListAsync();
            [ReadQuery] public static Task<List<Row>> WithoutLinesAsync(NpgsqlConnection connection, ShopContext context) => context.Orders.ToListAsync();
            [ReadQuery(Consistency = ReadConsistency.ReadYourWrites)]
            public static Task<List<Row>> WithLinesOwnWritesAsync(NpgsqlConnection connection, ShopContext context) => context.Orders.Include(o => o.Lines).ToListAsync();
        }
        public sealed partial class Lines(RoutedDataSource db)
        {
            [WriteCommand("insert into order_lines (order_id) values (@id)")] public partial Task<int> AddAsync(long id);
            [WriteCommand("insert into line (order_id) values (@id)")] public partial Task<int> AddOtherAsync(long id);
            [WriteCommand("insert into parts_of_lines (id) values (@id)")] public partial Task<int> AddPartAsync(long id);
        }
        """;

    [Theory]
    [InlineData("await orders.SetStatusAsync(id, status); return await {|CTR201:views.OpenAsync()|};")]
    [InlineData("await views.DropCustomerAsync(id); return await {|CTR201:orders.FindAsync(id)|};")]
    [InlineData("await views.PayAsync(id); return await {|CTR201:orders.FindAsync(id)|};")]
    public Task Behind_views_foreign_keys_and_triggers(string statements) => FlowRule.Proves(
        nameof(CTR201), statements, "private readonly Views views = null!;",
        """
        public sealed partial class Views(RoutedDataSource db)
        {
            [ReadQuery("select count(*) from open_orders")] public partial Task<long> OpenAsync();
            [WriteCommand("delete from customers where id = @id")] public partial Task<int> DropCustomerAsync(long id);
            [WriteCommand("insert into payments (order_id) values (@id)")] public partial Task<int> PayAsync(long id);
        }
        """,
        Surroundings.Catalog(Catalog));

    [Fact]
    public Task Repositories_of_another_project() => FlowRule.Proves(
        nameof(CTR201),
        """
        await store.SaveAsync(id); Console.WriteLine(await {|CTR201:store.ListAsync()|}); Console.WriteLine(await {|CTR201:store.FindAsync(id)|}); return await {|CTR201:store.SumAsync()|};
        """,
        "private readonly Library.Store store = null!;",
        beside: new Surroundings { Library = Library });

    [Fact]
    public Task Handlers_of_a_minimal_api() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = @id")] public partial Task<string?> FindAsync(long id);
            [WriteCommand("update notes set body = @body where id = @id")] public partial Task SaveAsync(long id, string body);
        }

        public static class Endpoints
        {
            public static void Map(App app)
            {
                app.MapPost("/notes", async (Notes notes, long id, string body) =>
                {
                    await notes.SaveAsync(id, body);
                    return await {|CTR201:notes.FindAsync(id)|};
                });
                app.MapGet("/notes", (Notes notes, long id, string body) => notes.FindAsync(id));
            }
        }

        public sealed class App
        {
            public object MapPost(string path, Delegate handler) => handler;
            public object MapGet(string path, Delegate handler) => handler;
        }
        """,
        "'FindAsync' reads 'notes' after 'SaveAsync' has written it, and a replica may not have that yet; set Consistency = ReadConsistency.ReadYourWrites on 'FindAsync'");

    /// <summary>The browser asks for what it is sent to.</summary>
    [Theory]
    [InlineData("return {|CTR201:RedirectToAction(nameof(Details), new { id })|};")]
    [InlineData("return {|CTR201:RedirectToAction(\"Details\")|};")]
    [InlineData("return {|CTR201:RedirectToAction(nameof(HomeController.Index), \"Home\")|};")]
    [InlineData("return {|CTR201:RedirectToActionPermanent(nameof(Details))|};")]
    [InlineData("return {|CTR201:CreatedAtAction(nameof(Details), new { id }, null)|};")]
    [InlineData("return {|CTR201:CreatedAtRoute(\"order\", new { id }, null)|};")]
    [InlineData("return {|CTR201:RedirectToAction(\"Renamed\")|};")]
    [InlineData("return {|CTR201:Back(id)|};")]
    [InlineData("await using var work = await db.BeginTransactionAsync(); await orders.SetTotalAsync(id, 5); await work.CommitAsync(); return {|CTR201:RedirectToAction(nameof(Details), new { id })|};")]
    [InlineData("if (id > 5) return {|CTR201:RedirectToAction(nameof(Details), new { id })|}; return RedirectToAction(nameof(Fresh));")]
    public Task Post_redirect_get(string statements) => FlowRule.Proves(nameof(CTR201), "", "", Actions("await orders.SetStatusAsync(id, \"x\"); " + statements), Web);

    [Theory]
    [InlineData("return {|CTR201:RedirectToPage()|};")]
    [InlineData("return {|CTR201:RedirectToPage(\"./Details\")|};")]
    [InlineData("return {|CTR201:RedirectToPage(\"/Shop/Details\", new { id })|};")]
    public Task Post_redirect_get_of_pages(string statements) => FlowRule.Proves(nameof(CTR201), "", "", Pages("await orders.SetStatusAsync(id, \"x\"); " + statements), Web);

    [Fact]
    public Task Core_of_a_write_that_calls_a_routed_read() => FlowRule.Proves(
        nameof(CTR201), "", "",
        """
        public sealed partial class Ledger(RoutedDataSource db, Orders orders)
        {
            [WriteCommand] public partial Task<Order?> CloseAsync(long id);
            private async Task<Order?> CloseAsync(NpgsqlConnection connection, long id) { await connection.ExecuteAsync("update orders set status = 'closed'"); return await {|CTR201:orders.FindAsync(id)|}; }
        }
        """);

    [Theory]
    [InlineData("await orders.SetStatusAsync(id, status); return await customers.FindAsync(id);")]
    [InlineData("await jobs.EnqueueAsync(status); return await orders.FindAsync(id);")]
    [InlineData("await orders.SetStatusAsync(id, status); return await orders.FindFreshAsync(id);")]
    [InlineData("await orders.SetStatusAsync(id, status); return await orders.FindStrongAsync(id);")]
    [InlineData("var order = await orders.FindAsync(id); await orders.SetStatusAsync(id, status); return order;")]
    [InlineData("await orders.SetTotalAsync(id, 5); return await orders.CountArchivedAsync();")]
    [InlineData("await orders.SetStatusAsync(id, status); return await orders.FindQuotedAsync(id);")]
    [InlineData("await orders.SetStatusAsync(id, status); return await orders.OfCteAsync();")]
    [InlineData("await orders.SetStatusAsync(id, status); return await orders.OfTableAsync(status);")]
    [InlineData("await orders.ClearAsync(status); return await orders.FindAsync(id);")]
    [InlineData("await connection.ExecuteAsync(\"update customers set name = 'x'\"); return await orders.FindAsync(id);")]
    [InlineData("await connection.ExecuteAsync($\"delete from {status}\"); return await orders.FindAsync(id);")]
    [InlineData("await connection.QueryAsync<long>(\"select id from orders\"); return await orders.FindAsync(id);")]
    [InlineData("await orders.FindAsync(id); return await orders.CountAsync();")]
    [InlineData("await orders.SetStatusAsync(id, status); return await Orders.TotalAsync(connection, id);")]
    [InlineData("Console.WriteLine(nameof(orders.SetStatusAsync)); return await orders.FindAsync(id);")]
    [InlineData("await abstractOrders.AddAsync(id, status); return await customers.FindAsync(id);")]
    public Task NoFalsePositive_In_one_method(string statements) => FlowRule.Proves(nameof(CTR201), statements);

    [Theory]
    [InlineData("if (await orders.FindAsync(id) is null) await orders.AddAsync(id, status);")]
    [InlineData("if (flag) await orders.SetStatusAsync(id, status); else return await orders.FindAsync(id);")]
    [InlineData("if (flag) { await orders.SetStatusAsync(id, status); return null; } return await orders.FindAsync(id);")]
    [InlineData("if (flag) { await orders.SetStatusAsync(id, status); throw new InvalidOperationException(); } return await orders.FindAsync(id);")]
    [InlineData("return flag ? await orders.SetStatusAsync(id, status) : await orders.FindAsync(id);")]
    [InlineData("return status switch { \"a\" => await orders.SetStatusAsync(id, status), \"b\" => await orders.FindAsync(id), _ => null };")]
    [InlineData("switch (status) { case \"new\": await orders.AddAsync(id, status); break; case \"old\": return await orders.FindAsync(id); }")]
    [InlineData("try { await orders.AddAsync(id, status); } catch (PostgresException) { return await orders.FindAsync(id); }")]
    [InlineData("try { return await orders.FindAsync(id); } finally { await orders.SetStatusAsync(id, status); }")]
    [InlineData("using (var buffer = new System.IO.MemoryStream()) { if (flag) { await orders.SetStatusAsync(id, status); return null; } Console.WriteLine(); } return await orders.FindAsync(id);")]
    [InlineData("try { if (flag) { await orders.SetStatusAsync(id, status); return null; } } finally { Console.WriteLine(); } return await orders.FindAsync(id);")]
    public Task NoFalsePositive_Other_branches(string statements) => FlowRule.Proves(nameof(CTR201), statements);

    [Theory]
    [InlineData("while (flag) { try { if (status == \"a\") { await orders.SetStatusAsync(id, status); break; } } finally { Console.WriteLine(); } } ")]
    [InlineData("foreach (var one in ids) { var order = await orders.FindAsync(one); await orders.SetStatusAsync(one, order!.Status); }")]
    [InlineData("for (var i = 0; i < ids.Length; i++) { Console.WriteLine(await orders.FindAsync(ids[i])); await orders.SetStatusAsync(ids[i], status); }")]
    [InlineData("foreach (var job in await jobs.PendingAsync(10)) { Console.WriteLine(await orders.FindAsync(job.Id)); await orders.SetStatusAsync(job.Id, status); }")]
    [InlineData("var queue = new Queue<long>(ids); while (queue.Count > 0) { var next = queue.Dequeue(); Console.WriteLine(await orders.FindAsync(next)); await orders.SetStatusAsync(next, status); }")]
    [InlineData("foreach (var job in await jobs.PendingAsync(10)) await jobs.DoneAsync(job.Id);")]
    public Task NoFalsePositive_Other_rows_in_loops(string statements) => FlowRule.Proves(nameof(CTR201), statements);

    [Theory]
    [InlineData("await Task.WhenAll(orders.SetStatusAsync(id, status), orders.FindAsync(id));")]
    [InlineData("var saving = orders.SetStatusAsync(id, status); var order = await orders.FindAsync(id); await saving; return order;")]
    [InlineData("_ = orders.SetStatusAsync(id, status); return await orders.FindAsync(id);")]
    [InlineData("_ = Task.Run(() => orders.SetStatusAsync(id, status)); return await orders.FindAsync(id);")]
    public Task NoFalsePositive_Tasks_that_nobody_waits_for(string statements) => FlowRule.Proves(nameof(CTR201), statements);

    [Theory]
    [InlineData("await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); var order = await orders.FindAsync(id); await work.CommitAsync(); return order;")]
    [InlineData("await orders.SetStatusAsync(id, status); await using var work = await db.BeginTransactionAsync(); var order = await orders.FindAsync(id); await work.CommitAsync(); return order;")]
    [InlineData("using var work = db.BeginTransaction(); orders.Add(id, status); var order = orders.Find(id); work.Commit(); return order;")]
    [InlineData("await using (var work = await db.BeginTransactionAsync()) { await orders.SetStatusAsync(id, status); } return await orders.FindAsync(id);")]
    [InlineData("await using (var work = await db.BeginTransactionAsync()) { await orders.SetStatusAsync(id, status); await work.RollbackAsync(); } return await orders.FindAsync(id);")]
    public Task NoFalsePositive_Units_of_work(string statements) => FlowRule.Proves(nameof(CTR201), statements);

    [Theory]
    [InlineData("{ var saving = orders.SetStatusAsync(id, status); GC.KeepAlive(saving); } { var saving = Task.CompletedTask; await saving; } return await orders.FindAsync(id);")]
    [InlineData("if (flag) { await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); Console.WriteLine(await orders.FindAsync(id)); await work.CommitAsync(); }")]
    [InlineData("await using var work = flag ? await db.BeginTransactionAsync() : await db.BeginTransactionAsync(IsolationLevel.Serializable); await orders.SetStatusAsync(id, status); var order = await orders.FindAsync(id); await work.CommitAsync(); return order;")]
    [InlineData("await using (var work = await db.BeginTransactionAsync()) { await orders.SetStatusAsync(id, status); if (flag) await work.RollbackAsync(); } return await orders.FindAsync(id);")]
    [InlineData("if (flag) { await orders.SetStatusAsync(id, status); goto end; } return await orders.FindAsync(id); end: ;")]
    [InlineData("foreach (var one in ids) { if (one == 0) { await orders.SetStatusAsync(one, status); return null; } Console.WriteLine(await orders.FindAsync(id)); }")]
    public Task NoFalsePositive_Ways_that_do_not_meet(string statements) => FlowRule.Proves(nameof(CTR201), statements);

    [Theory]
    [InlineData("try { await orders.AddAsync(id, status); return new Customer(id, status, 0); } catch (PostgresException) { return await orders.FindAsync(id); }")]
    [InlineData("try { await orders.AddAsync(id, status); await Mail(id); } catch (PostgresException e) when (e.SqlState == \"23505\") { return await orders.FindAsync(id); }")]
    [InlineData("try { await orders.AddAsync(id, status); await Mail(id); } catch (Exception e) when (e is PostgresException { SqlState: \"23505\" }) { return await orders.FindAsync(id); }")]
    [InlineData("try { await orders.AddAsync(id, status); await Mail(id); } catch (Exception e) when (e.InnerException is NpgsqlException) { return await orders.FindAsync(id); }")]
    [InlineData("try { if (await orders.AddAsync(id, status) > 0) return flag; return null; } catch (PostgresException) { return await orders.FindAsync(id); }")]
    [InlineData("try { await orders.AddAsync(id, status); Console.WriteLine(id); return new Customer(id, status, 0); } catch (Exception) { return await orders.FindAsync(id); }")]
    [InlineData("try { orders.AddAsync(id, status).GetAwaiter().GetResult(); } catch (Exception) { return await orders.FindAsync(id); }")]
    [InlineData("try { await orders.AddAsync(id, status).ConfigureAwait(false); } catch (Exception) { return await orders.FindAsync(id); }")]
    [InlineData("try { var adding = orders.AddAsync(id, status); Console.WriteLine(id); await adding; } catch (Exception) { return await orders.FindAsync(id); }")]
    [InlineData("try { var adding = orders.AddAsync(id, status); adding.Wait(); } catch (Exception) { return await orders.FindAsync(id); }")]
    [InlineData("try { await Mail(id); await orders.AddAsync(id, status); } catch (Exception) { return await orders.FindAsync(id); }")]
    [InlineData("try { await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); await work.CommitAsync(); } catch (Exception) { return await orders.FindAsync(id); }")]
    [InlineData("try { await orders.AddAsync(id, status); throw new InvalidOperationException(); } catch (PostgresException) { return await orders.FindAsync(id); }")]
    [InlineData("try { await orders.SetStatusAsync(id, status); throw new InvalidOperationException(); } catch (TimeoutException) { return await orders.FindAsync(id); }")]
    public Task NoFalsePositive_Handlers(string statements) => FlowRule.Proves(nameof(CTR201), statements, MailMember);

    [Theory]
    [InlineData("foreach (var shard in shards) { var jobs = shard.Jobs; Console.WriteLine(await jobs.NextAsync()); await jobs.DoneAsync(5); }")]
    [InlineData("foreach (var shard in shards) { Console.WriteLine(await shard.Jobs.NextAsync()); await shard.Jobs.DoneAsync(5); }")]
    [InlineData("while (true) { var shard = Pick(); Console.WriteLine(await shard.Jobs.NextAsync()); await shard.Jobs.DoneAsync(5); }")]
    [InlineData("var shard = shards[0]; for (var i = 1; i < 5; i++) { Console.WriteLine(await shard.Jobs.NextAsync()); await shard.Jobs.DoneAsync(5); shard = shards[i]; }")]
    [InlineData("foreach (var id in new long[] { 1, 2 }) { using var scope = scopes.CreateScope(); var jobs = scope.ServiceProvider.GetRequiredService<Jobs>(); Console.WriteLine(await jobs.FindAsync(id)); await jobs.DoneAsync(id); }")]
    public Task NoFalsePositive_Other_rows_of_a_hosted_service(string statements) => FlowRule.Proves(nameof(CTR201), "", "", Hosted(statements), Web);

    [Theory]
    [InlineData("var saving = orders.SetStatusAsync(id, status); var order = await orders.FindAsync(id); saving.Wait(); return order;")]
    [InlineData("var saving = orders.SetStatusAsync(id, status); Task.WaitAll(jobs.EnqueueAsync(status)); var order = await orders.FindAsync(id); await saving; return order;")]
    [InlineData("var all = new Task[2]; all[0] = orders.SetStatusAsync(id, status); all[1] = orders.FindAsync(id); await Task.WhenAll(all);")]
    [InlineData("this.saving = orders.SetStatusAsync(id, status); return await orders.FindAsync(id);")]
    [InlineData("var rows = orders.StreamAsync(); await foreach (var row in rows) Console.WriteLine(row); await orders.SetStatusAsync(id, status);")]
    [InlineData("var rows = orders.StreamAsync(); await orders.SetStatusAsync(id, status); rows = null; return rows;")]
    public Task NoFalsePositive_Tasks_and_streams_in_variables(string statements) => FlowRule.Proves(nameof(CTR201), statements, "private Task saving = Task.CompletedTask;");

    [Theory]
    [InlineData("public Order? Saved => orders.Find(1) ?? (orders.Add(1, \"x\") > 0 ? null : null);")]
    [InlineData("public Order? this[long at] { get => orders.Find(at); set => orders.Add(at, value!.Status); }")]
    [InlineData("public event Action Saving { add => orders.Add(1, \"x\"); remove => orders.Find(1); }")]
    public Task NoFalsePositive_Bodies_of_other_members(string members) => FlowRule.Proves(nameof(CTR201), "", members);

    [Theory]
    [InlineData("policy.OnFailure(() => orders.Add(id, status)); return await orders.FindAsync(id);")]
    [InlineData("policy.Execute(() => customers.AddAsync(id, status)); return await orders.FindAsync(id);")]
    public Task NoFalsePositive_Lambdas_that_a_library_keeps(string statements) => FlowRule.Proves(
        nameof(CTR201), statements, "private readonly Library.Policy policy = null!;", beside: new Surroundings { Library = Policy });

    [Fact]
    public Task NoFalsePositive_Methods_that_call_each_other() => FlowRule.Proves(
        nameof(CTR201), "await Even(id); return await orders.FindAsync(id);",
        """
        private async Task Even(long n) { if (n > 0) await Odd(n - 1); }
        private async Task Odd(long n) { if (n > 0) await Even(n - 1); else await jobs.EnqueueAsync("x"); }
        """);

    [Theory]
    [InlineData("await mediator.Send(new Close(id)); return await customers.FindAsync(id);")]
    [InlineData("var order = await mediator.Send(new Ask(id)); await mediator.Send(new Close(id)); return order;")]
    [InlineData("await mediator.Send(new Other(id)); return await orders.FindAsync(id);")]
    public Task NoFalsePositive_Handlers_of_messages(string statements) => FlowRule.Proves(nameof(CTR201), statements, "private readonly IMediator mediator = null!;", Messages);

    [Fact]
    public Task NoFalsePositive_Way_of_twenty_methods() => FlowRule.Proves(
        nameof(CTR201), "await M0(id); return await orders.FindAsync(id);",
        string.Concat(Enumerable.Range(0, 20).Select(static i => $"private async Task M{i}(long id) => await M{i + 1}(id);\n")) + "private Task M20(long id) => jobs.EnqueueAsync(\"x\");");

    [Theory]
    [InlineData("await SaveAsync(id); return await customers.FindAsync(id);", "private Task SaveAsync(long id) => orders.SetStatusAsync(id, \"x\");")]
    [InlineData("await SaveAsync(id); return await orders.FindFreshAsync(id);", "private Task SaveAsync(long id) => orders.SetStatusAsync(id, \"x\");")]
    [InlineData("await SaveAsync(id); return await orders.FindAsync(id);", "private async Task SaveAsync(long id) { await orders.SetStatusAsync(id, \"x\"); throw new InvalidOperationException(); }")]
    [InlineData("await Save(); return await orders.FindAsync(id); Task Save() => jobs.EnqueueAsync(status);", "")]
    [InlineData("Func<Task> save = () => orders.SetStatusAsync(id, status); var order = await orders.FindAsync(id); await save(); return order;", "")]
    [InlineData("Register(id); return await orders.FindAsync(id);", "private void Register(long id) { AppDomain.CurrentDomain.ProcessExit += (_, _) => orders.Add(id, \"x\"); }")]
    [InlineData("using var timer = new Timer(_ => orders.Add(id, status)); return await orders.FindAsync(id);", "")]
    [InlineData("await ShowAsync(id); await orders.SetStatusAsync(id, status);", "private Task<Order?> ShowAsync(long id) => orders.FindAsync(id);")]
    [InlineData("await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); await ShowAsync(id); await work.CommitAsync();", "private Task<Order?> ShowAsync(long id) => orders.FindAsync(id);")]
    [InlineData("await SaveAsync(id); return await orders.FindAsync(id);", "private async Task SaveAsync(long id) { await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, \"x\"); }")]
    [InlineData("await RunAsync(\"update customers set name = 'x'\"); return await orders.FindAsync(id);", "private Task RunAsync(string sql) => connection.ExecuteAsync(sql);")]
    [InlineData("Console.WriteLine(Describe(o => orders.Add(o, \"x\") > 0)); return await orders.FindAsync(id);", "private static string Describe(System.Linq.Expressions.Expression<Func<long, bool>> e) => e.ToString();")]
    public Task NoFalsePositive_Through_methods(string statements, string members) => FlowRule.Proves(nameof(CTR201), statements, members);

    [Theory]
    [InlineData("await orders.SetStatusAsync(id, \"x\"); return RedirectToAction(nameof(Fresh), new { id });")]
    [InlineData("await orders.SetStatusAsync(id, \"x\"); return RedirectToAction(nameof(Other));")]
    [InlineData("await jobs.EnqueueAsync(\"x\"); return RedirectToAction(nameof(Details), new { id });")]
    [InlineData("await orders.SetStatusAsync(id, \"x\"); return RedirectToAction(nameof(Edit), new { id });")]
    [InlineData("await orders.SetStatusAsync(id, \"x\"); return RedirectToAction(nameof(Preview), new { id });")]
    [InlineData("await orders.SetStatusAsync(id, \"x\"); return RedirectToAction(\"Unknown\", new { id });")]
    [InlineData("await orders.SetStatusAsync(id, \"x\"); return RedirectToAction(nameof(Details), \"Unknown\");")]
    [InlineData("if (id > 5) { await orders.SetStatusAsync(id, \"x\"); return RedirectToAction(nameof(Fresh)); } return RedirectToAction(nameof(Details));")]
    [InlineData("await using (var work = await db.BeginTransactionAsync()) { await orders.SetStatusAsync(id, \"x\"); await work.RollbackAsync(); } return RedirectToAction(nameof(Details));")]
    [InlineData("await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, \"x\"); return RedirectToAction(nameof(Details));")]
    public Task NoFalsePositive_Post_redirect_get(string statements) => FlowRule.Proves(nameof(CTR201), "", "", Actions(statements), Web);

    [Theory]
    [InlineData("await jobs.EnqueueAsync(\"x\"); return RedirectToPage();")]
    [InlineData("await orders.SetStatusAsync(id, \"x\"); return RedirectToPage(\"./Unknown\");")]
    public Task NoFalsePositive_Post_redirect_get_of_pages(string statements) => FlowRule.Proves(nameof(CTR201), "", "", Pages(statements), Web);

    [Theory]
    [InlineData("await using var work = await db.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); var order = await orders.FindAsync(id); await work.CommitAsync(); return order;")]
    [InlineData("await using var work = await reports.BeginTransactionAsync(); await figures.NoteAsync(id); var n = await figures.CountAsync(); await work.CommitAsync(); return n;")]
    [InlineData("await using var a = await db.BeginTransactionAsync(); await using var b = await reports.BeginTransactionAsync(); await figures.NoteAsync(id); Console.WriteLine(await figures.CountAsync()); await orders.SetStatusAsync(id, status); return await orders.FindAsync(id);")]
    public Task NoFalsePositive_Units_of_work_of_two_data_sources(string statements) => FlowRule.Proves(nameof(CTR201), "", "", TwoSources(statements), Web);

    [Fact]
    public Task NoFalsePositive_Default_of_the_assembly() => FlowRule.Proves(
        nameof(CTR201), "await orders.SetStatusAsync(id, status); return await orders.FindAsync(id);",
        types: "[assembly: RoutingDefaults(Consistency = ReadConsistency.ReadYourWrites)]");

    [Theory]
    [InlineData("new RoutingOptions { DefaultReadConsistency = ReadConsistency.ReadYourWrites }")]
    [InlineData("Configure(o => o.DefaultReadConsistency = ReadConsistency.Strong)")]
    public Task NoFalsePositive_Default_of_an_option(string options) => FlowRule.Proves(
        nameof(CTR201), "await orders.SetStatusAsync(id, status); return await orders.FindAsync(id);",
        $"public object Options() => {options}; private static object Configure(Action<RoutingOptions> set) => set;");

    [Theory]
    [InlineData("new[] { new RoutingOptions { DefaultReadConsistency = ReadConsistency.ReadYourWrites }, new RoutingOptions { DefaultReadConsistency = ReadConsistency.Eventual } }", "FindAsync")]
    [InlineData("new RoutingOptions { DefaultReadConsistency = ReadConsistency.BoundedStaleness }", "FindAsync")]
    [InlineData("new RoutingOptions { DefaultReadConsistency = ReadConsistency.ReadYourWrites }", "FindRecentAsync")]
    public Task Read_that_no_option_speaks_for(string options, string read) => FlowRule.Proves(
        nameof(CTR201), "await orders.SetStatusAsync(id, status); return await {|CTR201:orders." + read + "(id)|};",
        $"public object Options() => {options};");

    [Fact]
    public Task Read_that_says_otherwise_than_the_default_of_the_assembly() => FlowRule.Proves(
        nameof(CTR201), "await orders.SetStatusAsync(id, status); return await {|CTR201:orders.FindRecentAsync(id)|};",
        types: "[assembly: RoutingDefaults(Consistency = ReadConsistency.Strong)]");

    [Fact]
    public Task NoFalsePositive_Core_in_its_transaction() => FlowRule.Proves(
        nameof(CTR201), "", "",
        """
        public sealed partial class Ledger(RoutedDataSource db, Orders orders)
        {
            [WriteCommand(Transaction = true)] public partial Task<Order?> CloseAsync(long id);
            private async Task<Order?> CloseAsync(NpgsqlConnection connection, long id) { await connection.ExecuteAsync("update orders set status = 'closed'"); return await orders.FindAsync(id); }
        }
        """);

    [Fact]
    public Task NoFalsePositive_Handlers_that_are_registered_one_after_the_other() => FlowRule.Proves(
        nameof(CTR201), "",
        """
        public void Map(App app)
        {
            app.MapPost("/orders", (long id) => orders.SetStatusAsync(id, "x"));
            app.MapGet("/orders", (long id) => orders.FindAsync(id));
            app.MapPost("/orders", Save);
            app.MapGet("/orders", Show);
            app.MapPost("/orders", orders.SetStatusAsync);
            app.MapGet("/orders", orders.CountAsync);
        }

        private Task<int> Save(long id) => orders.SetStatusAsync(id, "x");

        private Task<Order?> Show(long id) => orders.FindAsync(id);
        """,
        """
        public sealed class App
        {
            public object MapPost(string path, Delegate handler) => handler;
            public object MapGet(string path, Delegate handler) => handler;
        }
        """);

    [Fact]
    public Task NoFalsePositive_Another_table_of_another_project() => FlowRule.Proves(
        nameof(CTR201), "await store.SaveAsync(id); Console.WriteLine(await store.FreshAsync()); return await orders.FindAsync(id);",
        "private readonly Library.Store store = null!;",
        beside: new Surroundings { Library = Library });

    [Theory]
    [InlineData("context.Rows.Add(new Row()); await context.SaveChangesAsync(); return await orders.FindAsync(id);")]
    [InlineData("await context.Rows.Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Id, r => r.Id + 1)); return await orders.FindAsync(id);")]
    [InlineData("await context.Orders.Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Id, 1)); return await orders.CountAsync();")]
    [InlineData("context.Orders.Add(new Archived()); await context.SaveChangesAsync(); return await orders.CountAsync();")]
    [InlineData("context.Attach(new Kept { Id = id }); context.Rows.Add(new Row()); await context.SaveChangesAsync(); return await orders.FindAsync(id);")]
    [InlineData("context.Rest.Attach(new Kept { Id = id }); context.Rows.Add(new Row()); await context.SaveChangesAsync(); return await orders.FindAsync(id);")]
    [InlineData("context.ChangeTracker.TrackGraph(new Kept(), n => n.Entry.State = EntityState.Unchanged); await context.SaveChangesAsync(); return await orders.FindAsync(id);")]
    public Task NoFalsePositive_Entities_of_other_tables(string statements) => FlowRule.Proves(
        nameof(CTR201), statements, "private readonly ShopContext context = null!;",
        """
        using System.ComponentModel.DataAnnotations.Schema; using Microsoft.EntityFrameworkCore; using Microsoft.EntityFrameworkCore.Metadata.Builders;
        public sealed class Row { public long Id { get; set; } }
        public sealed class Archived { public long Id { get; set; } }
        [Table("orders")] public sealed class Kept { public long Id { get; set; } }
        public sealed class ArchivedConfiguration : IEntityTypeConfiguration<Archived>
        {
            public void Configure(EntityTypeBuilder<Archived> builder) => builder.ToTable("orders", "archive");
        }
        public sealed class ShopContext : DbContext
        {
            public DbSet<Row> Rows => Set<Row>();
            public DbSet<Archived> Orders => Set<Archived>();
            public DbSet<Kept> Rest => Set<Kept>();
        }
        """);

    [Theory]
    [InlineData("var row = new Row { Id = id }; context.Others.Add(new Other());")]
    [InlineData("var row = await context.Orders.FirstAsync(); context.Others.Add(new Other { Id = row.Id });")]
    [InlineData("var row = await context.Orders.FirstAsync(); var view = new View(); view.Status = row.Text(); view.Lines.Add(status); context.Others.Add(new Other());")]
    [InlineData("context.Others.Add(new Other { Lines = { new View() } });")]
    public Task NoFalsePositive_Entity_that_is_not_changed(string statements) => FlowRule.Proves(
        nameof(CTR201), statements + " await context.SaveChangesAsync(); return await orders.FindAsync(id);", "private readonly ShopContext context = null!;",
        """
        using Microsoft.EntityFrameworkCore;
        public sealed class Row { public long Id { get; set; } public string Text() => ""; }
        public sealed class Other { public long Id { get; set; } public List<View> Lines { get; } = []; }
        public sealed class View { public string Status { get; set; } = ""; public List<string> Lines { get; } = []; }
        public sealed class ShopContext : DbContext { public DbSet<Row> Orders => Set<Row>(); public DbSet<Other> Others => Set<Other>(); }
        """);

    [Fact]
    public Task NoFalsePositive_Entity_that_is_not_saved() => FlowRule.Proves(
        nameof(CTR201), "context.Orders.Add(new Row()); return await orders.FindAsync(id);", "private readonly ShopContext context = null!;",
        """
        using Microsoft.EntityFrameworkCore;
        public sealed class Row { public long Id { get; set; } }
        public sealed class ShopContext : DbContext { public DbSet<Row> Orders => Set<Row>(); }
        """);

    [Theory]
    [InlineData("await orders.SetStatusAsync(id, status); return await views.OthersAsync();")]
    [InlineData("await views.RenameCustomerAsync(id); return await orders.FindAsync(id);")]
    public Task NoFalsePositive_Views_and_foreign_keys(string statements) => FlowRule.Proves(
        nameof(CTR201), statements, "private readonly Views views = null!;",
        """
        public sealed partial class Views(RoutedDataSource db)
        {
            [ReadQuery("select count(*) from customers")] public partial Task<long> OthersAsync();
            [WriteCommand("update customers set name = 'x' where id = @id")] public partial Task<int> RenameCustomerAsync(long id);
        }
        """,
        Surroundings.Catalog(Catalog));

    /// <summary>A unit of work of one data source hides nothing of another.</summary>
    [Theory]
    [InlineData("await using var work = await db.BeginTransactionAsync(); await figures.NoteAsync(id); var n = await {|CTR201:figures.CountAsync()|}; await work.CommitAsync(); return n;")]
    [InlineData("await using var work = await reports.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); var order = await {|CTR201:orders.FindAsync(id)|}; await work.CommitAsync(); return order;")]
    [InlineData("var source = provider.GetRequiredKeyedService<RoutedDataSource>(\"reports\"); await using var work = await source.BeginTransactionAsync(); await orders.SetStatusAsync(id, status); var order = await {|CTR201:orders.FindAsync(id)|}; await work.CommitAsync(); return order;")]
    public Task Unit_of_work_of_another_data_source(string statements) => FlowRule.Proves(nameof(CTR201), "", "", TwoSources(statements), Web);

    internal static string TwoSources(string statements) =>
        $$"""
        using Microsoft.Extensions.DependencyInjection;

        public sealed partial class Figures
        {
            private readonly RoutedDataSource _db;

            public Figures([FromKeyedServices("reports")] RoutedDataSource db) => _db = db ?? throw new ArgumentNullException(nameof(db));

            [ReadQuery("select count(*) from figures")] public partial Task<long> CountAsync();
            [ReadQuery("select count(*) from orders")] public partial Task<long> OrdersAsync();
            [WriteCommand("insert into figures values (@id)")] public partial Task<int> NoteAsync(long id);
        }

        public sealed class Report(Orders orders, Figures figures, RoutedDataSource db, [FromKeyedServices("reports")] RoutedDataSource reports, IServiceProvider provider)
        {
            public async Task<object?> RunAsync(long id, string status)
            {
                Console.WriteLine(db.GetHashCode() + reports.GetHashCode() + provider.GetHashCode() + figures.GetHashCode() + orders.GetHashCode());
                {{statements}}
            }
        }
        """;

    private static string Actions(string statements) => Mvc +
        $$"""
        public sealed class HttpPostJsonAttribute : HttpPostAttribute;

        public sealed class OrdersController(Orders orders, Jobs jobs, RoutedDataSource db) : ControllerBase
        {
            [HttpGet(Name = "order")] public async Task<object?> Details(long id) => await orders.FindAsync(id);
            [HttpGet, ActionName("Renamed")] public async Task<object?> OfAnotherName(long id) => await orders.FindAsync(id);
            [HttpGet] public async Task<object?> Fresh(long id) => await orders.FindFreshAsync(id);
            [HttpGet] public async Task<object?> Other(long id) => await jobs.FindAsync(id);
            [HttpPostJson] public async Task<object?> Preview(long id) => await orders.FindAsync(id);

            [HttpPost]
            public async Task<object?> Edit(long id)
            {
                await Task.Yield();
                GC.KeepAlive((orders, jobs, db));
                {{statements}}
            }

            private object Back(long id) => RedirectToAction(nameof(Details), new { id });
        }

        public sealed class HomeController(Orders orders) : ControllerBase
        {
            public async Task<object?> Index() => await orders.CountAsync();
        }
        """;

    private static string Pages(string statements) => Mvc +
        $$"""
        namespace Shop.Pages
        {
            public sealed class EditModel(Orders orders, Jobs jobs) : PageModel
            {
                public async Task OnGetAsync(long id) => Console.WriteLine(await orders.FindAsync(id));

                public async Task<object?> OnPostAsync(long id)
                {
                    await Task.Yield();
                    GC.KeepAlive((orders, jobs));
                    {{statements}}
                }
            }

            public sealed class DetailsModel(Orders orders) : PageModel
            {
                public async Task OnGet(long id) => Console.WriteLine(await orders.FindAsync(id));
            }
        }
        """;

    private const string Messages =
        """
        public interface IMediator { Task<object?> Send(object message); Task Publish(object message); }
        public interface IHandler<T> { Task<object?> Handle(T message); }
        public sealed record Close(long Id);
        public sealed record Ask(long Id);
        public sealed record Other(long Id);
        public sealed class CloseHandler(Orders orders) : IHandler<Close> { public async Task<object?> Handle(Close message) => await orders.SetStatusAsync(message.Id, "closed"); }
        public sealed class AskHandler(Orders orders) : IHandler<Ask> { public async Task<object?> Handle(Ask message) => await orders.FindAsync(message.Id); }
        public sealed class OtherHandler(Jobs jobs) : IHandler<Other> { public async Task<object?> Handle(Other message) => await jobs.DoneAsync(message.Id); }

        """;

    private const string Mvc = "using Microsoft.AspNetCore.Mvc; using Microsoft.AspNetCore.Mvc.RazorPages;\n";

    private const string MailMember = "private static Task Mail(long id) => Task.Delay((int)id);";

    private const string Policy =
        """
        namespace Library;
        public sealed class Policy
        {
            public T Execute<T>(Func<T> action) => action();
            public void Invoke(Action action) => action();
            public void OnFailure(Action action) => Console.WriteLine(action);
        }
        """;

    private static string Hosted(string statements) =>
        $$"""
        using Microsoft.Extensions.DependencyInjection;

        public sealed class Shard(Jobs jobs) { public Jobs Jobs => jobs; }

        public sealed partial class Worker(RoutedDataSource db)
        {
            [ReadQuery("select id, payload from jobs where not done order by id limit 1")]
            public partial Task<Job?> NextAsync(CancellationToken ct);

            [WriteCommand("update jobs set done = true where id = @id")]
            public partial Task<int> DoneAsync(long id);
        }

        public sealed class Service2(IServiceScopeFactory scopes, IServiceProvider provider, Worker worker, List<Shard> shards)
        {
            public async Task RunAsync(CancellationToken ct)
            {
                GC.KeepAlive((scopes, provider, worker, shards));
                await Task.Yield();
                {{statements}}
            }

            private static async Task<bool> WorkAsync(IServiceProvider services, CancellationToken ct)
            {
                var jobs = services.GetRequiredService<Jobs>();
                if (await jobs.NextAsync() is not { } job)
                    return false;
                await jobs.DoneAsync(job.Id);
                return true;
            }

            private Shard Pick() => shards[Random.Shared.Next(shards.Count)];
        }
        """;

    internal static readonly Surroundings Web = new() { WithAspNetCore = true };

    private const string Library =
        """
        namespace Library;
        public sealed partial class Store(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<List<long>> ListAsync();
            private static async Task<List<long>> ListAsync(NpgsqlConnection connection) => (await connection.QueryAsync<long>("select id from items")).AsList();
            [ReadQuery("select id from items where id = @id")] public partial Task<long?> FindAsync(long id);
            [ReadQuery("select id from items limit 1", Consistency = ReadConsistency.ReadYourWrites)] public partial Task<long?> FreshAsync();
            [ReadQuery] public static Task<long> SumAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<long>("select sum(id) from items");
            [WriteCommand] public static Task<int> SaveAsync(NpgsqlConnection connection, long id) => connection.ExecuteAsync("insert into items values (@id)", new { id });
        }
        """;

    private const string Catalog =
        """
        {
          "version": 1, "searchPath": ["public"],
          "functions": [
            { "schema": "public", "name": "settle", "kind": "function", "volatility": "volatile", "language": "plpgsql", "route": "primary", "refused": true, "reason": "UPDATE", "writes": ["orders"] }
          ],
          "relations": [
            { "schema": "public", "name": "customers", "kind": "table" },
            { "schema": "public", "name": "payments", "kind": "table", "triggers": [{ "name": "settled", "events": ["insert"], "function": "public.settle" }] },
            { "schema": "public", "name": "orders", "kind": "table", "foreignKeys": [{ "name": "customer", "columns": ["customer_id"], "references": "customers", "onDelete": "cascade", "onUpdate": "no action" }] },
            { "schema": "public", "name": "open_orders", "kind": "view", "reads": ["orders"] }
          ]
        }
        """;
}
