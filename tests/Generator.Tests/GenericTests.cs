namespace CompileTimeRouting.Generator.Tests;

/// <summary>Type parameters and constraints are repeated.</summary>
public class GenericTests
{
    [Fact]
    public Task Constraints_of_every_kind() => GeneratorTest.Verify("""
        namespace App;
        public interface IRow<T>;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery]
            public partial Task<int> CountAsync<A, B, C, D, E, F, G>(A a, B? b, C? c, D d, E e, F f, G g)
                where A : class where B : class? where C : struct where D : unmanaged where E : notnull, IRow<E?> where F : System.IO.Stream, IRow<A>, new() where G : F;
            private static Task<int> CountAsync<A, B, C, D, E, F, G>(NpgsqlConnection connection, A a, B? b, C? c, D d, E e, F f, G g)
                where A : class where B : class? where C : struct where D : unmanaged where E : notnull, IRow<E?> where F : System.IO.Stream, IRow<A>, new() where G : F =>
                Task.FromResult(0);

            [ReadQuery]
            public static Task<List<T>> AllAsync<T, U>(NpgsqlConnection connection, T? first, U? second) where T : IRow<U>?, new() where U : Enum? =>
                Task.FromResult(new List<T>());
        }
        """);

    [Fact]
    public Task Type_parameters_with_other_names() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<Dictionary<K, V[]>> MapAsync<K, V>(K key, V[] values) where K : notnull where V : IComparable<V>;
            private static Task<Dictionary<A, B[]>> MapAsync<A, B>(NpgsqlConnection connection, A key, B[] values) where A : notnull where B : IComparable<B> =>
                Task.FromResult(new Dictionary<A, B[]>());
        }
        """);

    [Fact]
    public Task Unconstrained_nullable() => GeneratorTest.Verify("""
        namespace App;
        public partial class Repository(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<T?> FindAsync<T>(int id);
            private static Task<T?> FindAsync<T>(NpgsqlConnection connection, int id) => Task.FromResult<T?>(default);
        }
        """);

    [Fact]
    public Task Generic_containing_types() => GeneratorTest.Verify("""
        namespace App;
        public partial class Outer<T> where T : class
        {
            public partial interface IMiddle<U, V>
            {
                public partial class Inner<W>(RoutedDataSource db) where W : struct
                {
                    [ReadQuery] public partial Task<Dictionary<string, T>> MapAsync(U u, Func<V> v, W w);
                    private static Task<Dictionary<string, T>> MapAsync(NpgsqlConnection connection, U u, Func<V> v, W w) => Task.FromResult(new Dictionary<string, T>());
                }
            }
        }
        """);

    [Fact]
    public Task Static_source_of_a_generic_base() => GeneratorTest.Verify("""
        namespace App;
        public class Base<T>
        {
            protected static readonly RoutedDataSource Db = null!;
        }
        public partial class Repository<T> : Base<List<T>>
        {
            [ReadQuery] public static partial Task<int> CountAsync(T t);
            private static Task<int> CountAsync(NpgsqlConnection connection, T t) => Task.FromResult(0);
        }
        """);

    [Fact]
    public Task Warnings_that_the_user_has_accepted() => GeneratorTest.Verify("""
        #pragma warning disable CS0693, CS8981
        namespace App;
        public partial class lower<T>(RoutedDataSource db)
        {
            [ReadQuery] public partial Task<T> FirstAsync<T>(T value);
            private static Task<T> FirstAsync<T>(NpgsqlConnection connection, T value) => Task.FromResult(value);

            [ReadQuery] public static Task<T> SecondAsync<T>(NpgsqlConnection connection, T value) => Task.FromResult(value);
        }
        """);
}
