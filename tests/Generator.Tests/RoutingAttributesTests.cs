using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>How a call is routed, as the analyzers see it: in the same compilation and from another one.</summary>
public class RoutingAttributesTests
{
    private const string Source = """
        public partial class R(RoutedDataSource db)
        {
            [ReadQuery] public partial int Declared(int a);
            public int Declared(NpgsqlConnection c, int a) => a;
            [WriteCommand] public T Overload<T>(NpgsqlConnection c, T a) => a;
            public T Overload<T>(List<T> a) => a[0];
            public int Plain(NpgsqlConnection c) => 0;
        }
        """;

    [Theory]
    [InlineData("R.Declared(int)", "Read")]
    [InlineData("R.Declared(NpgsqlConnection, int)", "")]
    [InlineData("R.Overload<T>(NpgsqlConnection, T)", "Write")]
    [InlineData("R.Overload<T>(T)", "Write")]
    [InlineData("R.Overload<T>(List<T>)", "")]
    [InlineData("R.Plain(NpgsqlConnection)", "")]
    public void A_call_is_routed_as_its_method_says(string method, string expected)
    {
        GeneratorTest.Run(TestCompilation.Create(Source), out var output);
        Assert.Equal(expected, Routing(output, method));
        using var assembly = new MemoryStream();
        Assert.True(output.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken).Success);
        var other = TestCompilation.Create("public class Other;").AddReferences(MetadataReference.CreateFromImage(assembly.ToArray()));
        Assert.Equal(expected, Routing(other, method));
    }

    private static string Routing(Compilation compilation, string method)
    {
        var symbol = compilation.GetTypeByMetadataName("R")!.GetMembers().OfType<IMethodSymbol>()
            .Single(m => m.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat) == method);
        var (read, write) = RoutingAttributes.FindForCall(symbol, KnownSymbols.For(compilation)!);
        return (read is null ? "" : "Read") + (write is null ? "" : "Write");
    }
}
