namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Requests, commands and events that a mediator hands to their handlers.</summary>
public class Mediators
{
    // As MediatR has it: nothing in the source leads from Send to a handler.
    private const string Mediator =
        """
        public interface IRequest<out TResponse>;
        public interface IRequestHandler<in TRequest, TResponse> where TRequest : IRequest<TResponse> { Task<TResponse> Handle(TRequest request, CancellationToken ct); }
        public interface INotification;
        public interface INotificationHandler<in T> where T : INotification { Task Handle(T notification, CancellationToken ct); }
        public interface ISender { Task<TResponse> Send<TResponse>(IRequest<TResponse> request, CancellationToken ct = default); }
        public interface IMediator : ISender { Task Publish<T>(T notification, CancellationToken ct = default) where T : INotification; }
        """;

    private const string Handlers =
        """
        public sealed record Close(long Id) : IRequest<int>;
        public sealed record Count(long Id) : IRequest<int>;
        public sealed record Closed(long Id) : INotification;
        public sealed record Seen(long Id) : INotification;
        public sealed class CloseHandler(NpgsqlConnection connection) : IRequestHandler<Close, int>
        {
            public Task<int> Handle(Close request, CancellationToken ct) => connection.ExecuteAsync("update notes set open = false");
        }
        public sealed class CountHandler(NpgsqlConnection connection) : IRequestHandler<Count, int>
        {
            public Task<int> Handle(Count request, CancellationToken ct) => connection.QuerySingleAsync<int>("select count(*) from notes");
        }
        public sealed class ClosedLogger : INotificationHandler<Closed>
        {
            public Task Handle(Closed notification, CancellationToken ct) => Task.CompletedTask;
        }
        public sealed class ClosedArchiver(NpgsqlConnection connection) : INotificationHandler<Closed>
        {
            public Task Handle(Closed notification, CancellationToken ct) => connection.ExecuteAsync("insert into archive select * from notes");
        }
        public sealed class SeenReader(NpgsqlConnection connection) : INotificationHandler<Seen>
        {
            public Task Handle(Seen notification, CancellationToken ct) => connection.QuerySingleAsync<int>("select 1");
        }
        """;

    private const string Behaviors =
        """
        public delegate Task<TResponse> RequestHandlerDelegate<TResponse>();
        public interface IPipelineBehavior<in TRequest, TResponse> { Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken ct); }
        public interface IRequestPreProcessor<in TRequest> { Task Process(TRequest request, CancellationToken ct); }
        public interface IAudited;
        public sealed record Seek(long Id) : IRequest<int>, IAudited;
        public sealed class SeekHandler(NpgsqlConnection connection) : IRequestHandler<Seek, int>
        {
            public Task<int> Handle(Seek request, CancellationToken ct) => connection.QuerySingleAsync<int>("select 1");
        }

        """;

    [Theory]
    [InlineData("CTR105", "Count", "public sealed class Audit<TRequest, TResponse>(NpgsqlConnection c) : IPipelineBehavior<TRequest, TResponse> { public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken ct) { var r = await next(); await c.ExecuteAsync(\"insert into audit values (1)\"); return r; } }")]
    [InlineData("CTR108", "Count", "public sealed class Unit<TRequest, TResponse>(Microsoft.EntityFrameworkCore.DbContext c) : IPipelineBehavior<TRequest, TResponse> { public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken ct) { if (typeof(TRequest).Name.StartsWith(\"Count\")) return await next(); var r = await next(); await c.SaveChangesAsync(ct); return r; } }")]
    [InlineData("CTR105", "Seek", "public sealed class Audit<TRequest, TResponse>(NpgsqlConnection c) : IPipelineBehavior<TRequest, TResponse> where TRequest : IAudited { public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken ct) { await c.ExecuteAsync(\"insert into audit values (1)\"); return await next(); } }")]
    [InlineData("CTR105", "Count", "public sealed class Audit<TRequest>(NpgsqlConnection c) : IRequestPreProcessor<TRequest> { public Task Process(TRequest request, CancellationToken ct) => c.ExecuteAsync(\"insert into audit values (1)\"); }")]
    public Task Behavior_that_writes(string id, string request, string behavior) => Reports($"await {{|{id}:mediator.Send(new {request}(1))|}};", Behaviors + behavior);

    [Theory]
    [InlineData("public sealed class Log<TRequest, TResponse>(NpgsqlConnection c) : IPipelineBehavior<TRequest, TResponse> { public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken ct) { await c.QueryAsync(\"select 1\"); return await next(); } }")]
    [InlineData("public sealed class Audit<TRequest, TResponse>(NpgsqlConnection c) : IPipelineBehavior<TRequest, TResponse> where TRequest : IAudited { public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken ct) { await c.ExecuteAsync(\"insert into audit values (1)\"); return await next(); } }")]
    [InlineData("public sealed class Audit(NpgsqlConnection c) : IPipelineBehavior<Seek, int> { public async Task<int> Handle(Seek request, RequestHandlerDelegate<int> next, CancellationToken ct) { await c.ExecuteAsync(\"insert into audit values (1)\"); return await next(); } }")]
    public Task NoFalsePositive_Behavior(string behavior) => Reports("await mediator.Send(new Count(1));", Behaviors + behavior);

    [Fact]
    public Task Request_whose_handler_writes() => Reports("await {|CTR105:mediator.Send(new Close(1))|};");

    [Fact]
    public Task Request_in_a_variable() => Reports("var request = new Close(1); await {|CTR105:mediator.Send(request, default)|};");

    [Fact]
    public Task NoFalsePositive_request_whose_handler_reads() => Reports("await mediator.Send(new Count(1));");

    [Fact]
    public Task Event_of_which_one_handler_writes() => Reports("await {|CTR105:mediator.Publish(new Closed(1))|};");

    [Fact]
    public Task NoFalsePositive_event_whose_handlers_read() => Reports("await mediator.Publish(new Seen(1));");

    [Fact]
    public Task NoFalsePositive_request_that_is_only_made() => Reports("var request = new Close(1); Console.WriteLine(request); await Task.Yield();");

    [Fact]
    public Task NoFalsePositive_request_that_is_checked() => Reports(
        "Validator.Validate(new Close(1)); await Task.Yield();",
        "public static class Validator { public static void Validate<T>(T request) { } }");

    [Fact]
    public Task Command_of_a_module_that_forwards() => Reports(
        "await {|CTR105:new Module(mediator).ExecuteCommandAsync(new Close(1))|};",
        "public sealed class Module(IMediator mediator) { public Task<T> ExecuteCommandAsync<T>(IRequest<T> command) => mediator.Send(command); }");

    [Fact]
    public Task Handler_of_a_base_class() => Reports(
        "await {|CTR105:mediator.Send(new Purge())|};",
        """
        public sealed record Purge : IRequest<int>;
        public abstract class Handler<T> : IRequestHandler<T, int> where T : IRequest<int>
        {
            public Task<int> Handle(T request, CancellationToken ct) => RunAsync(request);
            protected abstract Task<int> RunAsync(T request);
        }
        public sealed class PurgeHandler(NpgsqlConnection connection) : Handler<Purge>
        {
            protected override Task<int> RunAsync(Purge request) => connection.ExecuteAsync("delete from notes");
        }
        public sealed class PeekHandler(NpgsqlConnection connection) : Handler<Peek>
        {
            protected override Task<int> RunAsync(Peek request) => connection.QuerySingleAsync<int>("select 1");
        }
        public sealed record Peek : IRequest<int>;
        """);

    [Fact]
    public Task NoFalsePositive_handler_of_a_base_class() => Reports(
        "await mediator.Send(new Peek());",
        """
        public sealed record Purge : IRequest<int>;
        public sealed record Peek : IRequest<int>;
        public abstract class Handler<T> : IRequestHandler<T, int> where T : IRequest<int>
        {
            public Task<int> Handle(T request, CancellationToken ct) => RunAsync(request);
            protected abstract Task<int> RunAsync(T request);
        }
        public sealed class PurgeHandler(NpgsqlConnection connection) : Handler<Purge>
        {
            protected override Task<int> RunAsync(Purge request) => connection.ExecuteAsync("delete from notes");
        }
        public sealed class PeekHandler(NpgsqlConnection connection) : Handler<Peek>
        {
            protected override Task<int> RunAsync(Peek request) => connection.QuerySingleAsync<int>("select 1");
        }
        """);

    private const string Decorated =
        """
        public interface ICommandHandler<T> : IRequestHandler<T, int> where T : IRequest<int>;
        public interface IQueryHandler<T> : IRequestHandler<T, int> where T : IRequest<int>;
        public sealed record Rename : IRequest<int>;
        public sealed record Find : IRequest<int>;
        public sealed class RenameHandler : ICommandHandler<Rename> { public Task<int> Handle(Rename request, CancellationToken ct) => Task.FromResult(1); }
        public sealed class FindHandler(NpgsqlConnection connection) : IQueryHandler<Find> { public Task<int> Handle(Find request, CancellationToken ct) => connection.QuerySingleAsync<int>("select 1"); }
        public sealed class Saving<T>(ICommandHandler<T> inner, NpgsqlConnection connection) : ICommandHandler<T> where T : IRequest<int>
        {
            public async Task<int> Handle(T request, CancellationToken ct) { var done = await inner.Handle(request, ct); await connection.ExecuteAsync("insert into saved values (1)"); return done; }
        }
        """;

    [Fact]
    public Task Command_whose_decorator_saves() => Reports("await {|CTR105:mediator.Send(new Rename())|};", Decorated);

    [Fact]
    public Task NoFalsePositive_query_beside_decorated_commands() => Reports("await mediator.Send(new Find());", Decorated);

    [Fact]
    public Task Command_bus_of_the_source() => Reports(
        "await {|CTR105:new Bus().SendAsync(new Archive())|};",
        """
        public sealed class Bus { public Task SendAsync(object command) => throw new NotSupportedException(command.ToString()); }
        public sealed record Archive;
        public interface ICommandHandler<in T> { Task HandleAsync(T command); }
        public sealed class ArchiveHandler(NpgsqlConnection connection) : ICommandHandler<Archive>
        {
            async Task ICommandHandler<Archive>.HandleAsync(Archive command) => await connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_event_that_leaves_the_process() => Reports(
        "await new Bus().PublishAsync(new NoteClosedIntegrationEvent()); await new Bus().PublishAsync(new Filed());",
        """
        public sealed class Bus { public Task PublishAsync(object message) => throw new NotSupportedException(message.ToString()); }
        public sealed record NoteClosedIntegrationEvent;
        public sealed record Filed;
        public interface IEventHandler<in T> { Task HandleAsync(T e); }
        public sealed class Handler(NpgsqlConnection connection) : IEventHandler<NoteClosedIntegrationEvent>, IEventHandler<Filed>
        {
            public Task HandleAsync(NoteClosedIntegrationEvent e) => connection.ExecuteAsync("delete from notes");
            public Task HandleAsync(Filed e) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task Call_that_the_compiler_cannot_bind() => BodyRule.ReportsUnbound(
        "var mediator = default(IUnknownMediator); await {|CTR105:mediator.Send(new Purge())|};",
        """
        public sealed record Purge : IRequestOfALibrary;
        public sealed class PurgeHandler(NpgsqlConnection connection) : IRequestHandlerOfALibrary<Purge>
        {
            public Task Handle(Purge request, CancellationToken ct) => connection.ExecuteAsync("delete from notes");
        }
        """);

    [Fact]
    public Task NoFalsePositive_handlers_of_another_event_of_the_same_generic_type() => Reports(
        "await NotifyAsync(new EventHandlerOfSold(connection)); Task NotifyAsync(IHandle<Happened<Sale>> handler) => handler.HandleAsync(new Happened<Sale>());",
        Happenings);

    [Fact]
    public Task NoFalsePositive_handler_of_a_generic_event_for_another_event() => Reports(
        "IHandle<Sale> handler = null!; await handler.HandleAsync(new Sale());",
        Happenings);

    [Fact]
    public Task Handler_of_the_same_generic_event() => Reports(
        "IHandle<Happened<Loss>> handler = null!; await {|CTR105:handler.HandleAsync(new Happened<Loss>())|};",
        Happenings);

    [Fact]
    public Task Handler_of_what_an_event_is_derived_from() => Reports(
        "IHear<Loud> handler = null!; await {|CTR105:handler.HearAsync(new Loud())|};",
        """
        public class Sound;
        public sealed class Loud : Sound;
        public interface IHear<in T> { Task HearAsync(T e); }
        public sealed class Listener(NpgsqlConnection connection) : IHear<Sound> { public Task HearAsync(Sound e) => connection.ExecuteAsync("delete from notes"); }
        """);

    [Fact]
    public Task NoFalsePositive_Request_that_a_client_of_the_framework_sends() => Reports(
        "await new System.Net.Http.HttpClient().SendAsync(new Req()); Func<Req, Task> send = r => Task.CompletedTask; await send(new Req()); await new Client().SendAsync(new Req());",
        """
        public sealed class Req : System.Net.Http.HttpRequestMessage;
        public sealed class Client : System.Net.Http.HttpClient;
        public sealed class ReqHandler(NpgsqlConnection connection) { public Task Handle(Req r) => connection.ExecuteAsync("delete from notes"); }
        """);

    private const string Happenings =
        """
        public sealed record Sale;
        public sealed record Loss;
        public sealed record Happened<T>;
        public interface IHandle<T> { Task HandleAsync(T e); }
        public sealed class EventHandlerOfSold(NpgsqlConnection connection) : IHandle<Happened<Sale>> { public Task HandleAsync(Happened<Sale> e) => connection.QueryAsync<int>("select 1"); }
        public sealed class EventHandlerOfLost(NpgsqlConnection connection) : IHandle<Happened<Loss>> { public Task HandleAsync(Happened<Loss> e) => connection.ExecuteAsync("delete from notes"); }
        """;

    private static Task Reports(string statements, string types = "") => BodyRule.ReportsIn(
        $$"""
        {{Mediator}}
        {{Handlers}}
        {{types}}
        public static partial class Notes
        {
            [ReadQuery]
            public static async Task Run(NpgsqlConnection connection, IMediator mediator) { {{statements}} }
        }
        """);
}
