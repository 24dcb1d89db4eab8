using System.Net;
using BookedBarber.Appointments;
using BookedBarber.Barbers;
using BookedBarber.Customers;
using BookedBarber.Database;
using BookedBarber.Reports;
using CompileTimeRouting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace BookedBarber;

/// <summary>The HTTP side. Each answer's header <c>X-Served-By</c> names the server that gave it.</summary>
internal static class Endpoints
{
    public static void Map(WebApplication app, NodeDirectory nodes)
    {
        app.MapGet("/", (HttpRequest request) => Results.Text(Menu($"{request.Scheme}://{request.Host}")));

        app.MapGet("/customers", async (CustomerRepository customers, HttpResponse response, string? name, CancellationToken ct) =>
            ServedBy(response, nodes, await customers.SearchAsync(name ?? "", 50, ct)));
        app.MapGet("/customers/{id:long}", async Task<Results<Ok<Customer>, NotFound>> (
            CustomerRepository customers, HttpResponse response, long id, CancellationToken ct) =>
            await customers.FindAsync(id, ct) is { } customer ? TypedResults.Ok(ServedBy(response, nodes, customer)) : TypedResults.NotFound());
        app.MapPost("/customers", async Task<Results<Created<Customer>, ProblemHttpResult>> (
            CustomerRepository customers, HttpResponse response, NewCustomer request, CancellationToken ct) =>
        {
            try
            {
                var customer = await customers.RegisterAsync(request.Name, request.Email, request.City, ct);
                return TypedResults.Created($"/customers/{customer.Id}", ServedBy(response, nodes, customer));
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                return TypedResults.Problem($"A customer with the address {request.Email} exists already.", statusCode: StatusCodes.Status409Conflict);
            }
        });

        app.MapGet("/barbers", async (BarberRepository barbers, HttpResponse response, string? shop, CancellationToken ct) =>
            ServedBy(response, nodes, await barbers.ListAsync(shop, ct)));
        app.MapGet("/barbers/{id:int}/appointments", (AppointmentRepository appointments, int id, DateTimeOffset? from, CancellationToken ct) =>
            appointments.ListUpcomingAsync(id, (from ?? DateTimeOffset.UtcNow).ToUniversalTime(), 50, ct));
        app.MapGet("/barbers/{id:int}/free-slots", async (AppointmentRepository appointments, HttpResponse response, int id, DateOnly day, CancellationToken ct) =>
        {
            var opens = new DateTimeOffset(day, new TimeOnly(9, 0), TimeSpan.Zero);
            return ServedBy(response, nodes, await appointments.FreeSlotsAsync(id, opens, opens.AddHours(9), ct));
        });

        app.MapGet("/appointments/{id:long}", async Task<Results<Ok<Appointment>, NotFound>> (
            AppointmentRepository appointments, HttpResponse response, long id, CancellationToken ct) =>
            await appointments.FindOwnAsync(id, ct) is { } appointment ? TypedResults.Ok(ServedBy(response, nodes, appointment)) : TypedResults.NotFound());
        app.MapPost("/appointments", async Task<Results<Created<Appointment>, ProblemHttpResult>> (
            AppointmentRepository appointments, HttpResponse response, NewAppointment request, CancellationToken ct) =>
        {
            try
            {
                var appointment = await appointments.BookAsync(request, ct);
                return TypedResults.Created($"/appointments/{appointment.Id}", ServedBy(response, nodes, appointment));
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                return TypedResults.Problem("That slot is taken.", statusCode: StatusCodes.Status409Conflict);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.CheckViolation)
            {
                return TypedResults.Problem("The customer or the barber is unknown, or the price is negative.", statusCode: StatusCodes.Status400BadRequest);
            }
        });
        app.MapPost("/appointments/{id:long}/cancel", async Task<Results<Ok<Appointment>, NotFound>> (
            AppointmentRepository appointments, HttpResponse response, long id, CancellationToken ct) =>
            await appointments.SetStatusAsync(id, AppointmentStatus.Cancelled, ct) is { } appointment
                ? TypedResults.Ok(ServedBy(response, nodes, appointment))
                : TypedResults.NotFound());

        app.MapGet("/reports/revenue", async (ReportRepository reports, HttpResponse response, DateOnly? from, DateOnly? until, CancellationToken ct) =>
        {
            var today = DateOnly.FromDateTime(DateTime.UtcNow);
            return ServedBy(response, nodes, await reports.RevenueAsync(from ?? today.AddDays(-30), until ?? today, 20, ct));
        });
    }

    // Open to whoever sits at this machine, wherever the sample listens; yours says AuthorizationPolicy.
    public static void MapOperations(WebApplication app)
    {
        app.MapHealthChecks("/healthz");
        var here = app.MapGroup("").AddEndpointFilter(static async (context, next) =>
            context.HttpContext.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller)
                ? await next(context)
                : TypedResults.Problem("The sample tells this to its own machine only.", statusCode: StatusCodes.Status403Forbidden));
        here.MapGet("/cluster", (RoutedDataSource db) => db.GetSnapshot());
        here.MapRoutingDashboard("/routing", static options => (options.AllowAnonymous, options.IncludeHosts) = (true, true));
        here.MapRoutingEndpoints("/api/v2/database", static options => options.AllowAnonymous = true);
        here.MapRoutingMetrics("/metrics", static options => options.AllowAnonymous = true);
    }

    public static string Menu(string url)
    {
        var day = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(30);
        var slot = new DateTimeOffset(day, new TimeOnly(18, 0), TimeSpan.Zero);
        return $$"""
            Try (the header X-Served-By says which server answered):
              curl -i '{{url}}/customers/17'
              curl -i '{{url}}/customers?name=marta'
              curl -i '{{url}}/barbers?shop=Harbour'
              curl -i '{{url}}/barbers/2/free-slots?day={{day:yyyy-MM-dd}}'
              curl -i '{{url}}/reports/revenue'
              curl -i '{{url}}/appointments' -H 'content-type: application/json' -d '{"customerId":17,"barberId":2,"startsAt":"{{slot:yyyy-MM-ddTHH:mm:ssZ}}","service":"haircut","priceCents":3200}'
              curl -s '{{url}}/cluster'
              curl -s '{{url}}/api/v2/database/health'
              curl -s '{{url}}/metrics'
            In a browser: {{url}}/routing
            """;
    }

    private static T ServedBy<T>(HttpResponse response, NodeDirectory nodes, T answer)
    {
        var witness = answer as Witnessed ?? (answer as IEnumerable<Witnessed>)?.FirstOrDefault();
        if (witness is not null)
            response.Headers["X-Served-By"] = nodes.NameOf(witness);
        return answer;
    }
}
