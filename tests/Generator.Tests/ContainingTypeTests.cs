namespace CompileTimeRouting.Generator.Tests;

/// <summary>The kinds of types that hold routed methods.</summary>
public class ContainingTypeTests
{
    [Fact]
    public Task Struct() => Kind("partial struct Repository(RoutedDataSource db)");

    [Fact]
    public Task Readonly_struct() => Kind("readonly partial struct Repository(RoutedDataSource db)");

    [Fact]
    public Task Record() => Kind("sealed partial record Repository(RoutedDataSource Db)");

    [Fact]
    public Task Record_struct() => Kind("readonly partial record struct Repository(RoutedDataSource Db)");

    [Fact]
    public Task Abstract_class() => Kind("abstract partial class Repository(RoutedDataSource db)");

    [Fact]
    public Task Unsafe_class() => Kind("unsafe partial class Repository(RoutedDataSource db)");

    [Fact]
    public Task Global_namespace() => GeneratorTest.Verify($"public partial class Repository(RoutedDataSource db) {Members}");

    [Fact]
    public Task Nested_in_every_kind() => GeneratorTest.Verify($$"""
        namespace App
        {
            namespace Inner
            {
                internal static partial class A { internal partial struct B { internal partial record C { internal partial record struct D { private sealed partial class Repository(RoutedDataSource db) {{Members}} } } } }
            }
        }
        """);

    [Fact]
    public Task Private_nested_types_in_the_signature() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            private sealed record Row(int Id);

            [ReadQuery] private partial Task<List<Row>> RowsAsync(Row after);
            private static Task<List<Row>> RowsAsync(NpgsqlConnection connection, Row after) => Task.FromResult(new List<Row>());
        }
        """);

    [Fact]
    public Task Names_that_differ_in_case_or_arity_only() => GeneratorTest.Verify($$"""
        #pragma warning disable CS8981
        namespace App;
        public partial class Repository(RoutedDataSource db) {{Members}}
        public partial class repository(RoutedDataSource db) {{Members}}
        public partial class Repository<T>(RoutedDataSource db) {{Members}}
        public partial class Repository_1(RoutedDataSource db) {{Members}}
        """);

    private const string Members = """
        {
            [ReadQuery] public partial Task<int> CountAsync(int id);
            private static Task<int> CountAsync(NpgsqlConnection connection, int id) => Task.FromResult(id);

            [WriteCommand] public int Clear(NpgsqlConnection connection) => 0;
        }
        """;

    private static Task Kind(string declaration) => GeneratorTest.Verify($"namespace App;\npublic {declaration}\n{Members}");
}
