namespace CompileTimeRouting.Analyzers.Tests.Rules;

public class CTR301
{
    private static readonly Surroundings Web = new() { WithAspNetCore = true };

    private const string Store =
        """
        using Microsoft.AspNetCore.Builder; using Microsoft.AspNetCore.Http; using Microsoft.AspNetCore.Mvc; using Microsoft.AspNetCore.Mvc.RazorPages; using Microsoft.AspNetCore.Routing;

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select body from notes where id = @id")] public partial Task<string?> FindAsync(long id);
            [WriteCommand("update notes set reads = reads + 1 where id = @id")] public partial Task<int> TouchAsync(long id);
            [WriteCommand] public static Task<int> ClearAsync(NpgsqlConnection connection) => connection.ExecuteAsync("delete from notes");
        }

        public interface IVisits { Task NoteAsync(long id); }

        public sealed class Visits(Notes notes) : IVisits
        {
            public Task NoteAsync(long id) => notes.TouchAsync(id);
            public Task<string?> ShowAsync(long id) => notes.FindAsync(id);
        }

        public sealed record CountRead(long Id);
        public interface IHandler<T> { Task Handle(T message); }
        public sealed class CountReadHandler(Notes notes) : IHandler<CountRead> { public Task Handle(CountRead message) => notes.TouchAsync(message.Id); }
        public interface IMediator { Task Send(object message); }

        """;

    [Fact]
    public Task Message_names_the_handler_its_method_and_the_command() => Rule.Reports(
        Web,
        Store +
        """
        public sealed class NotesController(Notes notes) : ControllerBase
        {
            [HttpGet("notes/{id}")]
            public async Task<string?> Show(long id)
            {
                var body = await notes.FindAsync(id);
                await {|CTR301:notes.TouchAsync(id)|};
                return body;
            }
        }
        """,
        "'Show' answers GET, and reaches the [WriteCommand] 'TouchAsync'; let it answer POST, PUT, PATCH or DELETE, or leave the write out");

    [Fact]
    public Task Message_shows_the_way_and_the_places_are_additional_locations() => Rule.Reports(
        Web,
        Store.Replace("Task NoteAsync(long id) => notes.TouchAsync(id)", "Task NoteAsync(long id) => {|2:notes.TouchAsync(id)|}", StringComparison.Ordinal) +
        """
        public static class Endpoints
        {
            public static void Map(IEndpointRouteBuilder app, IVisits visits) => app.MapGet("/notes/{id}", (long id) => {|CTR301:Note(visits, id)|});

            private static Task Note(IVisits visits, long id) => {|1:visits.NoteAsync(id)|};
        }
        """,
        "'/notes/{id}' answers GET, and reaches the [WriteCommand] 'TouchAsync' ('Note' → 'NoteAsync' → 'TouchAsync'); let it answer POST, PUT, PATCH or DELETE, or leave the write out");

    [Theory]
    [InlineData("[HttpGet] public Task<int> A(long id) => {|CTR301:notes.TouchAsync(id)|};", "GET")]
    [InlineData("[HttpGet(\"a\"), HttpPost(\"a\")] public Task<int> A(long id) => {|CTR301:notes.TouchAsync(id)|};", "GET")]
    [InlineData("[HttpHead] public Task<int> A(long id) => {|CTR301:notes.TouchAsync(id)|};", "HEAD")]
    [InlineData("[HttpGet, HttpHead] public Task<int> A(long id) => {|CTR301:notes.TouchAsync(id)|};", "GET and HEAD")]
    [InlineData("[AcceptVerbs(\"get\", \"post\")] public Task<int> A(long id) => {|CTR301:notes.TouchAsync(id)|};", "GET")]
    [InlineData("[Route(\"a\")] public Task<int> A(long id) => {|CTR301:notes.TouchAsync(id)|};", "any HTTP method, GET among them")]
    [InlineData("public Task<int> A(long id) => {|CTR301:notes.TouchAsync(id)|};", "any HTTP method, GET among them")]
    [InlineData("[HttpGet] public async Task<int> A(long id) { if (id > 5) return await {|CTR301:notes.TouchAsync(id)|}; return 0; }", "GET")]
    [InlineData("[HttpGet] public Task<int> A(long id) => Task.Run(() => {|CTR301:notes.TouchAsync(id)|});", "GET")]
    public Task Actions(string action, string verbs) => Rule.Reports(
        Web, Store + "public sealed class NotesController(Notes notes) : Controller { " + action + " }",
        $"'A' answers {verbs}, and reaches the [WriteCommand] 'TouchAsync'; let it answer POST, PUT, PATCH or DELETE, or leave the write out");

    [Theory]
    [InlineData("app.MapGet(\"/a\", (long id, Notes notes) => {|CTR301:notes.TouchAsync(id)|});", "/a", "GET", "")]
    [InlineData("app.MapMethods(\"/a\", [\"GET\", \"POST\"], (long id, Notes notes) => {|CTR301:notes.TouchAsync(id)|});", "/a", "GET", "")]
    [InlineData("app.MapMethods(\"/a\", new[] { HttpMethods.Head }, (long id, Notes notes) => {|CTR301:notes.TouchAsync(id)|});", "/a", "HEAD", "")]
    [InlineData("app.MapGet(\"/a\", {|CTR301:Handle|});", "Handle", "GET", "")]
    [InlineData("app.MapGet(\"/a\", {|CTR301:new Notes(null!).TouchAsync|});", "TouchAsync", "GET", "")]
    [InlineData("app.MapGroup(\"/g\").MapGet(\"/a\", async (long id, Visits visits) => { await {|CTR301:visits.NoteAsync(id)|}; return 5; }).WithName(\"a\");", "/a", "GET", " ('NoteAsync' → 'TouchAsync')")]
    [InlineData("app.MapGet(\"/a\", (long id, IMediator mediator) => {|CTR301:mediator.Send(new CountRead(id))|});", "/a", "GET", " ('Handle' → 'TouchAsync')")]
    [InlineData("app.MapGet(\"/a\", async (long id, Notes notes) => { await Later(); Task Later() => notes.TouchAsync(id); });", "", "", "")]
    public async Task Minimal_apis(string map, string name, string verbs, string way)
    {
        var source = Store + "public static class Endpoints { public static void Map(IEndpointRouteBuilder app) { " + map + " } private static Task<int> Handle(long id, Notes notes) => notes.TouchAsync(id); }";
        if (name.Length == 0)
            source = source.Replace("await Later();", "await {|CTR301:Later()|};", StringComparison.Ordinal);
        await Rule.Reports(Web, source, $"'{(name.Length == 0 ? "/a" : name)}' answers {(verbs.Length == 0 ? "GET" : verbs)}, and reaches the [WriteCommand] 'TouchAsync'{(name.Length == 0 ? " ('Later' → 'TouchAsync')" : way)}; let it answer POST, PUT, PATCH or DELETE, or leave the write out");
    }

    [Theory]
    [InlineData("OnGet", "GET")]
    [InlineData("OnGetAsync", "GET")]
    [InlineData("OnGetDetailsAsync", "GET")]
    [InlineData("OnHead", "HEAD")]
    public Task Pages(string handler, string verbs) => Rule.Reports(
        Web, Store + $$"""public sealed class EditModel(Notes notes) : PageModel { public Task<int> {{handler}}(long id) => {|CTR301:notes.TouchAsync(id)|}; }""",
        $"'{handler}' answers {verbs}, and reaches the [WriteCommand] 'TouchAsync'; let it answer POST, PUT, PATCH or DELETE, or leave the write out");

    [Theory]
    [InlineData("app.Map(\"/a\", (long id, Notes notes) => {|CTR301:notes.TouchAsync(id)|});", "/a", "any HTTP method, GET among them")]
    [InlineData("app.MapFallback((long id, Notes notes) => {|CTR301:notes.TouchAsync(id)|});", "MapFallback", "any HTTP method, GET among them")]
    [InlineData("app.MapFallback(\"/a/{x}\", (long id, Notes notes) => {|CTR301:notes.TouchAsync(id)|});", "/a/{x}", "any HTTP method, GET among them")]
    [InlineData("var notes = new Notes(null!); app.MapFallback(async context => await {|CTR301:notes.TouchAsync(5)|});", "MapFallback", "any HTTP method, GET among them")]
    [InlineData("var notes = new Notes(null!); app.MapFallback(\"/a/{x}\", async context => await {|CTR301:notes.TouchAsync(5)|});", "/a/{x}", "any HTTP method, GET among them")]
    [InlineData("var handler = (long id, Notes notes) => {|CTR301:notes.TouchAsync(id)|}; app.MapGet(\"/a\", handler);", "/a", "GET")]
    [InlineData("Delegate handler = (long id, Notes notes) => {|CTR301:notes.TouchAsync(id)|}; var other = handler; app.MapGet(\"/a\", other);", "/a", "GET")]
    [InlineData("Delegate handler = Handle; app.Map(\"/a\", {|CTR301:handler|});", "Handle", "any HTTP method, GET among them")]
    public Task Minimal_apis_of_any_method_and_handlers_in_variables(string map, string name, string verbs) => Rule.Reports(
        Web, Store + "public static class Endpoints { public static void Map(IEndpointRouteBuilder app) { " + map + " Console.WriteLine((Delegate)Handle); } private static Task<int> Handle(long id, Notes notes) => notes.TouchAsync(id); }",
        $"'{name}' answers {verbs}, and reaches the [WriteCommand] 'TouchAsync'; let it answer POST, PUT, PATCH or DELETE, or leave the write out");

    /// <summary>What the method that is overridden says holds, where the override says nothing; attributes may derive from those of MVC.</summary>
    [Theory]
    [InlineData("public override Task<int> A(long id) => {|CTR301:Notes.TouchAsync(id)|};", "[HttpGet] ", "GET")]
    [InlineData("[HttpGet] public override Task<int> A(long id) => {|CTR301:Notes.TouchAsync(id)|};", "[HttpPost] ", "GET")]
    [InlineData("[Route(\"a\")] public override Task<int> A(long id) => {|CTR301:Notes.TouchAsync(id)|};", "[HttpPost] ", "any HTTP method, GET among them")]
    [InlineData("[Marked] public override Task<int> A(long id) => {|CTR301:Notes.TouchAsync(id)|};", "", "any HTTP method, GET among them")]
    [InlineData("[HttpGetJson] public override Task<int> A(long id) => {|CTR301:Notes.TouchAsync(id)|};", "", "GET")]
    public Task Overrides_and_attributes_that_derive(string action, string attribute, string verbs) => Rule.Reports(
        Web, Store + Overriding(action, attribute),
        $"'A' answers {verbs}, and reaches the [WriteCommand] 'TouchAsync'; let it answer POST, PUT, PATCH or DELETE, or leave the write out");

    /// <summary>A class that is no controller itself has actions where classes that derive from it are controllers: reported once, where they are written.</summary>
    [Theory]
    [InlineData("public abstract class CrudController<T>(Notes notes) : ControllerBase", "CrudController<string>")]
    [InlineData("public abstract class CrudBase(Notes notes) : Controller", "CrudBase")]
    [InlineData("public class CrudController<T>(Notes notes) : ControllerBase", "CrudController<string>")]
    [InlineData("[ApiController] public abstract class CrudBase(Notes notes)", "CrudBase")]
    public Task Actions_of_base_classes(string type, string closed) => Rule.Reports(
        Web, Store + Inherited(type, closed, "[HttpGet] public Task<int> A(long id) => {|CTR301:notes.TouchAsync(id)|};"),
        "'A' answers GET, and reaches the [WriteCommand] 'TouchAsync'; let it answer POST, PUT, PATCH or DELETE, or leave the write out");

    [Theory]
    [InlineData("public abstract class CrudController<T>(Notes notes) : ControllerBase", "CrudController<string>", "[HttpPost] public Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("public abstract class CrudController<T>(Notes notes) : ControllerBase", "CrudController<string>", "protected Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("public abstract class CrudController<T>(Notes notes) : ControllerBase", "CrudController<string>", "[NonAction] public Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("public abstract class CrudController<T>(Notes notes) : ControllerBase", "CrudController<string>", "[HttpGet] public Task<string?> A(long id) => notes.FindAsync(id);")]
    [InlineData("[NonController] public abstract class CrudController<T>(Notes notes) : ControllerBase", "CrudController<string>", "[HttpGet] public Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("public abstract class CrudController<T>(Notes notes)", "CrudController<string>", "public Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("public abstract class Worker<T>(Notes notes)", "Worker<string>", "public Task<int> A(long id) => notes.TouchAsync(id);")]
    public Task NoFalsePositive_Actions_of_base_classes(string type, string closed, string action) => Rule.ReportsNothing(Web, Store + Inherited(type, closed, action));

    /// <summary>What only a class that derives from it makes a controller, by its name or attribute.</summary>
    [Theory]
    [InlineData("public class Crud(Notes notes)", "public sealed class NotesController(Notes notes) : Crud(notes);")]
    [InlineData("public abstract class Crud(Notes notes)", "public sealed class NotesCONTROLLER(Notes notes) : Crud(notes);")]
    [InlineData("public class Crud(Notes notes)", "[Controller] public sealed class Pages(Notes notes) : Crud(notes);")]
    [InlineData("public abstract class Crud(Notes notes)", "public abstract class Middle(Notes notes) : Crud(notes); public sealed class NotesController(Notes notes) : Middle(notes); public sealed class OthersController(Notes notes) : Middle(notes);")]
    [InlineData("public abstract class Crud<T>(Notes notes)", "public sealed class NotesController(Notes notes) : Crud<string>(notes);")]
    [InlineData("public abstract class CrudController(Notes notes)", "public sealed class NotesController(Notes notes) : CrudController(notes);")]
    public Task Actions_of_plain_base_classes(string type, string controllers) => Rule.Reports(
        Web, Store + type + " { public Task<int> A(long id) => {|CTR301:notes.TouchAsync(id)|}; } " + controllers,
        "'A' answers any HTTP method, GET among them, and reaches the [WriteCommand] 'TouchAsync'; let it answer POST, PUT, PATCH or DELETE, or leave the write out");

    [Theory]
    [InlineData("public class Crud(Notes notes)", "public sealed class NotesService(Notes notes) : Crud(notes);")]
    [InlineData("public class Crud(Notes notes)", "internal sealed class NotesController(Notes notes) : Crud(notes);")]
    [InlineData("public class Crud(Notes notes)", "public static class Around { public sealed class NotesController(Notes notes) : Crud(notes); }")]
    [InlineData("public class Crud(Notes notes)", "public abstract class NotesController(Notes notes) : Crud(notes);")]
    [InlineData("public class Crud(Notes notes)", "public sealed class NotesController<T>(Notes notes) : Crud(notes);")]
    [InlineData("public class Crud(Notes notes)", "[NonController] public sealed class NotesController(Notes notes) : Crud(notes);")]
    [InlineData("[NonController] public class Crud(Notes notes)", "public sealed class NotesController(Notes notes) : Crud(notes);")]
    [InlineData("public class Crud(Notes notes)", "public sealed class NotesController(Notes notes) { public Crud Crud => new(notes); }")]
    public Task NoFalsePositive_Actions_of_plain_base_classes(string type, string controllers) => Rule.ReportsNothing(
        Web, Store + type + " { public Task<int> A(long id) => notes.TouchAsync(id); } " + controllers);

    /// <summary>By the rules of MVC nothing but what a controller has in the end is an action.</summary>
    [Theory]
    [InlineData("[HttpPost] public Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("[NonAction] public Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("protected Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("public Task<int> A<T>(long id) => notes.TouchAsync(id);")]
    [InlineData("public static Task<int> A(Notes notes, long id) => notes.TouchAsync(id); public Notes Kept => notes;")]
    [InlineData("public abstract Task<int> B(long id); protected Task<int> A(long id) => notes.TouchAsync(id);", "[HttpPost] public override Task<int> B(long id) => A(id);")]
    public Task NoFalsePositive_Members_of_plain_base_classes(string members, string own = "") => Rule.ReportsNothing(
        Web, Store + "public abstract class Crud(Notes notes) { " + members + " } public sealed class NotesController(Notes notes) : Crud(notes) { " + own + " }");

    /// <summary>A virtual method without attributes answers what its override says; where none overrides it, every method.</summary>
    [Theory]
    [InlineData("public abstract class Crud(Notes notes) : ControllerBase", "", "public sealed class NotesController(Notes notes) : Crud(notes);", "any HTTP method, GET among them")]
    [InlineData("public abstract class Crud(Notes notes) : ControllerBase", "", "public sealed class NotesController(Notes notes) : Crud(notes) { [HttpPost] public override Task<int> A(long id) => base.A(id); } public sealed class OthersController(Notes notes) : Crud(notes);", "any HTTP method, GET among them")]
    [InlineData("public abstract class Crud(Notes notes) : ControllerBase", "[HttpGet] ", "", "GET")]
    [InlineData("public abstract class Crud(Notes notes) : ControllerBase", "[Route(\"a\")] ", "", "any HTTP method, GET among them")]
    [InlineData("public abstract class Crud(Notes notes)", "", "public sealed class NotesController(Notes notes) : Crud(notes);", "any HTTP method, GET among them")]
    [InlineData("public class Crud(Notes notes) : ControllerBase", "", "", "any HTTP method, GET among them")]
    public Task Virtual_actions_of_base_classes(string type, string attribute, string controllers, string verbs) => Rule.Reports(
        Web, Store + type + " { " + attribute + "public virtual Task<int> A(long id) => {|CTR301:notes.TouchAsync(id)|}; } " + controllers,
        $"'A' answers {verbs}, and reaches the [WriteCommand] 'TouchAsync'; let it answer POST, PUT, PATCH or DELETE, or leave the write out");

    [Theory]
    [InlineData("public abstract class Crud(Notes notes) : ControllerBase", "", "")]
    [InlineData("public abstract class Crud<T>(Notes notes) : ControllerBase", "", "")]
    [InlineData("public abstract class Crud(Notes notes) : ControllerBase", "", "public sealed class NotesController(Notes notes) : Crud(notes) { [HttpPost] public override Task<int> A(long id) => base.A(id); }")]
    [InlineData("public abstract class Crud(Notes notes) : ControllerBase", "[HttpGet] ", "public sealed class NotesController(Notes notes) : Crud(notes) { [HttpPost] public override Task<int> A(long id) => base.A(id); }")]
    [InlineData("public abstract class Crud(Notes notes)", "", "public sealed class NotesController(Notes notes) : Crud(notes) { [HttpPost] public override Task<int> A(long id) => base.A(id); }")]
    public Task NoFalsePositive_Virtual_actions_of_base_classes(string type, string attribute, string controllers) => Rule.ReportsNothing(
        Web, Store + type + " { " + attribute + "public virtual Task<int> A(long id) => notes.TouchAsync(id); } " + controllers);

    [Theory]
    [InlineData("[HttpPost] public Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("[HttpPut, HttpDelete] public Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("[AcceptVerbs(\"POST\")] public Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("[NonAction] public Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("private Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("protected internal Task<int> A(long id) => notes.TouchAsync(id);")]
    [InlineData("public static Task<int> A(Notes notes, long id) => notes.TouchAsync(id);")]
    [InlineData("[HttpGet] public Task<string?> A(long id) => notes.FindAsync(id);")]
    [InlineData("[HttpGet] public string A() => nameof(notes.TouchAsync);")]
    [InlineData("[HttpGet] public async Task<string?> A(long id) => await new Visits(notes).ShowAsync(id);")]
    public Task NoFalsePositive_Actions(string action) => Rule.ReportsNothing(
        Web, Store + "public sealed class NotesController(Notes notes) : Controller { " + action + " private object Kept => notes; }");

    [Theory]
    [InlineData("app.MapPost(\"/a\", (long id, Notes notes) => notes.TouchAsync(id));")]
    [InlineData("app.MapDelete(\"/a\", Handle);")]
    [InlineData("app.MapMethods(\"/a\", [\"PATCH\"], (long id, Notes notes) => notes.TouchAsync(id));")]
    [InlineData("app.MapGet(\"/a\", (long id, Notes notes) => notes.FindAsync(id));")]
    [InlineData("app.MapGet(\"/a\", Show);")]
    [InlineData("app.MapGet(\"/a\", () => 5); app.MapPost(\"/b\", Handle);")]
    public Task NoFalsePositive_Minimal_apis(string map) => Rule.ReportsNothing(
        Web,
        Store + "public static class Endpoints { public static void Map(IEndpointRouteBuilder app) { " + map + " Console.WriteLine((Delegate)Handle); Console.WriteLine((Delegate)Show); } private static Task<int> Handle(long id, Notes notes) => notes.TouchAsync(id); private static Task<string?> Show(long id, Notes notes) => notes.FindAsync(id); }");

    [Theory]
    [InlineData("public Task<int> OnPostAsync(long id) => notes.TouchAsync(id);")]
    [InlineData("public Task<int> OnGetterAsync(long id) => notes.FindAsync(id).ContinueWith(t => 1);")]
    [InlineData("public Task<int> Save(long id) => notes.TouchAsync(id);")]
    [InlineData("public Task<int> OnGettingAsync(long id) => notes.TouchAsync(id);")]
    public Task NoFalsePositive_Pages(string handler) => Rule.ReportsNothing(
        Web, Store + "public sealed class EditModel(Notes notes) : PageModel { " + handler + " }");

    [Theory]
    [InlineData("public sealed class App { public App MapGet(string pattern, Delegate handler) => this; } public static class Endpoints { public static void Map(App app) => app.MapGet(\"/a\", (long id, Notes notes) => notes.TouchAsync(id)); }")]
    [InlineData("[NonController] public sealed class NotesController(Notes notes) { [HttpGet] public Task<int> A(long id) => notes.TouchAsync(id); }")]
    [InlineData("public static class Around { public sealed class NotesController(Notes notes) : Controller { [HttpGet] public Task<int> A(long id) => notes.TouchAsync(id); } }")]
    [InlineData("public sealed class Worker(Notes notes) { [HttpGet] public Task<int> A(long id) => notes.TouchAsync(id); }")]
    public Task NoFalsePositive_Other_types(string type) => Rule.ReportsNothing(Web, Store + type);

    [Theory]
    [InlineData("public override Task<int> A(long id) => Notes.TouchAsync(id);", "[HttpPost] ")]
    [InlineData("public override Task<int> A(long id) => Notes.TouchAsync(id);", "[HttpPostJson] ")]
    [InlineData("[HttpPostJson] public override Task<int> A(long id) => Notes.TouchAsync(id);", "")]
    [InlineData("[HttpPostJson] public override Task<int> A(long id) => Notes.TouchAsync(id);", "[HttpGet] ")]
    [InlineData("[Query] public override Task<int> A(long id) => Notes.TouchAsync(id);", "")]
    [InlineData("public override Task<int> A(long id) => Notes.TouchAsync(id);", "[NonAction] ")]
    public Task NoFalsePositive_Overrides_and_attributes_that_derive(string action, string attribute) => Rule.ReportsNothing(Web, Store + Overriding(action, attribute));

    [Theory]
    [InlineData("app.MapPost(\"/a\", Handle); var handler = Handle; app.MapPost(\"/b\", handler);")]
    [InlineData("var handler = (long id, Notes notes) => notes.FindAsync(id); app.MapGet(\"/a\", handler);")]
    [InlineData("app.Map(\"/a\", (long id, Notes notes) => notes.FindAsync(id));")]
    [InlineData("var notes = new Notes(null!); app.MapFallback(async context => await notes.FindAsync(5));")]
    [InlineData("new ApplicationBuilder(null!).Map(\"/a\", branch => branch.Run(context => Handle(5, null!)));")]
    [InlineData("app.Map(Handle);")]
    public Task NoFalsePositive_Minimal_apis_of_any_method_and_handlers_in_variables(string map) => Rule.ReportsNothing(
        Web,
        Store + "public static class Endpoints { public static void Map(this IEndpointRouteBuilder app, Delegate kept) { " + map + " Console.WriteLine((Delegate)Handle); Console.WriteLine(kept); } private static Task<int> Handle(long id, Notes notes) => notes.TouchAsync(id); }");

    [Fact]
    public Task NoFalsePositive_Without_ASP_NET_Core() => Rule.ReportsNothing(
        """
        public sealed partial class NotesController(RoutedDataSource db)
        {
            [WriteCommand("delete from notes")] public partial Task<int> ClearAsync();
            public Task<int> Get() => ClearAsync();
        }
        """);

    private static string Inherited(string type, string closed, string action) =>
        $"{type} {{ {action} }} public sealed class First(Notes notes) : {closed}(notes); public sealed class Second(Notes notes) : {closed}(notes);";

    private static string Overriding(string action, string attribute) =>
        $$"""
        public sealed class HttpGetJsonAttribute : HttpGetAttribute;
        public sealed class HttpPostJsonAttribute : HttpPostAttribute;
        public sealed class QueryAttribute() : Microsoft.AspNetCore.Mvc.Routing.HttpMethodAttribute(["QUERY"]);
        public sealed class MarkedAttribute : Attribute;

        public abstract class BaseController(Notes notes) : Controller
        {
            protected Notes Notes => notes;

            {{attribute}}public virtual Task<int> A(long id) => Task.FromResult(5);
        }

        public abstract class MiddleController(Notes notes) : BaseController(notes)
        {
            public override Task<int> A(long id) => Task.FromResult(6);
        }

        public sealed class NotesController(Notes notes) : MiddleController(notes)
        {
            {{action}}
        }
        """;
}
