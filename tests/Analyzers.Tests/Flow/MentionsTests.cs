using CompileTimeRouting.Analyzers.Flow;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Analyzers.Tests.Flow;

/// <summary>Which bodies are followed is told from names. One too many is seen in no report, only in the time of a build.</summary>
public class MentionsTests
{
    private const string Code =
        """
        public sealed class Orders(RoutedDataSource db)
        {
            private readonly RoutedDataSource _db = db;

            [ReadQuery]
            public Task<long> CountAsync(NpgsqlConnection connection) => connection.QuerySingleAsync<long>("select count(*) from orders");

            [WriteCommand]
            public Task<int> AddAsync(NpgsqlConnection connection) => connection.ExecuteAsync("insert into orders default values");
        }

        public sealed class Service(Orders orders, NpgsqlConnection connection)
        {
            public async Task<long> ReadsAsync() => await orders.CountAsync(connection) + await orders.CountAsync(connection);

            public async Task<long> ReadsThroughAnotherAsync() => await ReadsAsync() + await orders.CountAsync(connection);

            public async Task WritesAsync() => await orders.AddAsync(connection);

            public async Task<long> ReadsAndWritesAsync() => await orders.AddAsync(connection) + await orders.CountAsync(connection);

            public async Task<long> ReadsAndRunsSqlAsync() => await orders.CountAsync(connection) + await connection.QuerySingleAsync<long>("select 1");

            public async Task<long> ReadsAndWritesThroughOthersAsync()
            {
                await WritesAsync();
                return await ReadsThroughAnotherAsync();
            }
        }
        """;

    [Theory]
    [InlineData("ReadsAsync", false)]
    [InlineData("ReadsThroughAnotherAsync", false)]
    [InlineData("WritesAsync", false)]
    [InlineData("ReadsAndWritesAsync", true)]
    [InlineData("ReadsAndRunsSqlAsync", true)]
    [InlineData("ReadsAndWritesThroughOthersAsync", true)]
    public void A_body_that_only_reads_by_routes_is_not_followed_whatever_SQL_the_reads_run(string method, bool isFollowed)
    {
        var compilation = TestCode.From(Code).Compile();
        var declaration = compilation.SyntaxTrees[0].GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<MethodDeclarationSyntax>().Single(m => m.Identifier.ValueText == method);
        Assert.Equal(isFollowed, Mentions.For(KnownSymbols.For(compilation)!).ReadAndWrite(declaration));
    }
}
