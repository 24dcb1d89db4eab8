namespace BookedBarber.Customers;

public sealed record Customer(long Id, string Name, string Email, string City, DateOnly JoinedOn) : Witnessed;

public sealed record CustomerTotals(long Customers, long Cities, DateOnly? NewestJoinedOn) : Witnessed;

public sealed record NewCustomer(string Name, string Email, string City);
