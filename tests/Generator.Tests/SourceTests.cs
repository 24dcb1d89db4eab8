namespace CompileTimeRouting.Generator.Tests;

/// <summary>Where a shim finds its data source.</summary>
public class SourceTests
{
    [Fact]
    public Task Field_wins_over_the_parameter_that_initialises_it() => Source("Repository(RoutedDataSource db)", "private readonly RoutedDataSource _db = db;");

    [Fact]
    public Task Property() => Source("Repository", "public required RoutedDataSource Db { get; init; }");

    [Fact]
    public Task Explicit_constructor() => Source("Repository", "private readonly RoutedDataSource db; public Repository(RoutedDataSource db) => this.db = db;");

    [Fact]
    public Task Nullable_field() => Source("Repository", "public RoutedDataSource? Db;");

    [Fact]
    public Task Static_field_of_an_instance_class() => Source("Repository", "internal static readonly RoutedDataSource Db = null!;");

    [Fact]
    public Task Inherited_property_wins_over_the_parameter_passed_to_the_base() => Source(
        "Repository(RoutedDataSource db) : Base(db)", "", "public abstract class Base(RoutedDataSource db) { protected RoutedDataSource Db { get; } = db; }");

    [Fact]
    public Task Nearest_class_wins() => Source(
        "Repository : Base", "private readonly RoutedDataSource _own = null!;", "public abstract class Base { protected RoutedDataSource Db { get; } = null!; }");

    [Fact]
    public Task Overridden_property_counts_once() => Source(
        "Repository : Base", "protected override RoutedDataSource Db => null!;", "public abstract class Base { protected abstract RoutedDataSource Db { get; } }");

    [Fact]
    public Task Private_field_of_the_base_is_out_of_reach() => Source(
        "Repository(RoutedDataSource own) : Base", "",
        "public abstract class Base { private readonly RoutedDataSource _db = null!; public void Use() => _db.Dispose(); public RoutedDataSource Secret { private get; set; } = null!; }");

    private static Task Source(string declaration, string members, string others = "") => GeneratorTest.Verify($$"""
        namespace App;
        {{others}}
        public partial class {{declaration}}
        {
            {{members}}

            [ReadQuery] public partial Task<int> CountAsync(int id);
            private static Task<int> CountAsync(NpgsqlConnection connection, int id) => Task.FromResult(id);
        }
        """);
}
