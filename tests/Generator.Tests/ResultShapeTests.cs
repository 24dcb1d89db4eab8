using CompileTimeRouting.Roslyn.Models;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>What the rows of SQL in an attribute become, by the method's return type.</summary>
public class ResultShapeTests
{
    [Theory]
    [InlineData("Task", "None")]
    [InlineData("void", "None")]
    [InlineData("Task<int>", "One Scalar int")]
    [InlineData("Task<int?>", "ZeroOrOne Scalar int?")]
    [InlineData("string", "One Scalar string")]
    [InlineData("ValueTask<string?>", "ZeroOrOne Scalar string?")]
    [InlineData("Task<byte[]>", "One Scalar byte[]")]
    [InlineData("Task<DateTimeOffset>", "One Scalar global::System.DateTimeOffset")]
    [InlineData("Task<DayOfWeek[]>", "Many Array Scalar global::System.DayOfWeek")]
    [InlineData("Task<List<Guid>>", "Many List Scalar global::System.Guid")]
    [InlineData("Task<IReadOnlyList<(int Id, string? Name)>>", "Many List Tuple (int Id, string? Name) (Id: int!, Name: string?!)")]
    [InlineData("Task<(int, long)?>", "ZeroOrOne Tuple (int, long)? (Item1: int!, Item2: long!)")]
    [InlineData("IAsyncEnumerable<Row?>", "Stream Object global::Row? (Id: int!, Name: string?) {Note: string?, Extra: int}")]
    [InlineData("Task<Row>", "One Object global::Row (Id: int!, Name: string?) {Note: string?, Extra: int}")]
    [InlineData("Task<List<Poco>>", "Many List Object global::Poco () {Id: int!, Inherited: string}")]
    [InlineData("Task<Point?>", "ZeroOrOne Object global::Point? (X: int!, Y: int!)")]
    public void Shape(string type, string expected)
    {
        var compilation = TestCompilation.Create($$"""
            public record Row(int Id, string? Name = null) { public string? Note { get; init; } public int Extra; public int Computed => 0; public static int Shared { get; set; } }
            public class Base { public string Inherited { get; set; } = ""; public int Hidden { get; private set; } }
            public class Poco : Base { public required int Id { get; set; } public readonly int Fixed; public int this[int i] { get => i; set { } } }
            public readonly record struct Point(int X, int Y);
            public partial class R(RoutedDataSource db) { [ReadQuery("select 1")] public partial {{type}} Get(int id, DayOfWeek[]? days, CancellationToken ct = default); }
            """);
        var method = Assert.Single(Readings.All(compilation), static r => r.Model is not null).Model!;
        Assert.Equal(RoutedForm.Statement, method.Form);
        Assert.Equal("select 1", method.Statement!.Sql);
        Assert.Null(method.Core);
        Assert.Equal(["int", "global::System.DayOfWeek[]?", ""], method.Parameters.Select(static p => p.ClrType?.Name ?? ""));
        Assert.Equal(Microsoft.CodeAnalysis.SpecialType.System_Int32, method.Parameters[1].ClrType!.ElementType!.EnumUnderlyingType);
        Assert.Equal(expected, Render(method.Statement.Result));
    }

    private static string Render(ResultShape shape)
    {
        var text = shape.Cardinality.ToString();
        if (shape.Collection != ResultCollection.None)
            text += " " + shape.Collection;
        if (shape.Row is not { } row)
            return text;
        text += $" {row.Kind} {row.Type.Name}";
        if (row.Kind != RowKind.Scalar)
            text += $" ({string.Join(", ", row.Arguments.Select(Render))})";
        return row.Settable.Count == 0 ? text : text + $" {{{string.Join(", ", row.Settable.Select(Render))}}}";
    }

    private static string Render(RowMember member) => $"{member.Name}: {member.Type.Name}{(member.IsRequired ? "!" : "")}";
}
