using CompileTimeRouting;

namespace BookedBarber.Customers;

/// <summary>SQL in the attribute: the whole bodies are generated.</summary>
public sealed partial class CustomerRepository(RoutedDataSource db)
{
    private const string Columns = "id, name, email, city, joined_on, " + Witnessed.Columns;

    [ReadQuery($"select {Columns} from customers where id = @id")]
    public partial Task<Customer?> FindAsync(long id, CancellationToken ct = default);

    [ReadQuery($"""
        select {Columns} from customers
        where lower(name) like lower(@prefix) || '%'
        order by name, id
        limit @limit
        """)]
    public partial Task<List<Customer>> SearchAsync(string prefix, int limit, CancellationToken ct = default);

    [ReadQuery($"select {Columns} from customers where id = any(@ids) order by id")]
    public partial Task<Customer[]> FindManyAsync(long[] ids, CancellationToken ct = default);

    [ReadQuery($"""
        select count(*) as customers, count(distinct city) as cities, max(joined_on) as newest_joined_on, {Witnessed.Columns}
        from customers
        """)]
    public partial Task<CustomerTotals> TotalsAsync(CancellationToken ct = default);

    [WriteCommand($"""
        insert into customers (name, email, city, joined_on)
        values (@name, @email, @city, current_date)
        returning {Columns}
        """)]
    public partial Task<Customer> RegisterAsync(string name, string email, string city, CancellationToken ct = default);
}
