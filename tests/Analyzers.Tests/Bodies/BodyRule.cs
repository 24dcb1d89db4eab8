using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>
/// Proves what is found in the code of a read. What isn't known (CTR108) counts only where it is marked, because most cases
/// are about what is.
/// </summary>
internal static class BodyRule
{
    // What stands in another assembly: a method without source is known by its declaration.
    private const string Library =
        """
        using System;
        namespace Library
        {
            public static class Texts
            {
                public const string Read = "select 1";
                public const string Write = "delete from notes";
                public static string Glue(this System.Collections.Generic.IEnumerable<string> parts, string separator) => string.Join(separator, parts);
            }

            public class Runner
            {
                public void Syntax([System.Diagnostics.CodeAnalysis.StringSyntax("sql")] string statementText) { }
                public void Injected([JetBrains.Annotations.LanguageInjection("SQL")] string statementText) { }
                public void Json([System.Diagnostics.CodeAnalysis.StringSyntax("json")] string statementText) { }
                public void Log(string message) { }
            }
        }

        namespace JetBrains.Annotations
        {
            public sealed class LanguageInjectionAttribute(string injectedLanguageName) : Attribute { public string Name => injectedLanguageName; }
        }
        """;

    public static readonly Lazy<MetadataReference> Libraries = new(Compile);

    /// <summary>Exactly the marked places are reported for a read with these statements.</summary>
    /// <param name="statements">The body.</param>
    /// <param name="members">What stands beside the read, in a static class.</param>
    /// <param name="usings">Further using directives.</param>
    public static Task Reports(string statements, string members = "", string usings = "")
    {
        var code = Source(statements, members, usings);
        Assert.NotEmpty(code.Marks);
        return Proves(code);
    }

    /// <summary>Nothing but what isn't known is reported.</summary>
    public static Task ReportsNothing(string statements, string members = "", string usings = "")
    {
        var code = Source(statements, members, usings);
        Assert.Empty(code.Marks);
        return Proves(code);
    }

    /// <summary>Nothing is reported, not even something unknown.</summary>
    public static async Task IsKnown(string statements, string members = "")
    {
        var code = Source(statements, members);
        Assert.Empty(TestCode.Errors(code.Compile().AddReferences(Libraries.Value)));
        Assert.Empty((await Analyze(code)).Select(static d => d.ToString()));
    }

    /// <summary>Some write is reported, in whatever words.</summary>
    public static async Task FindsWrite(string statements, string members = "")
    {
        var found = await AnalyzeRead(statements, members);
        Assert.True(found.Any(IsWrite), found.Length > 0 ? string.Join('\n', found.Select(static d => d.ToString())) : "silent");
    }

    /// <summary>No write is reported.</summary>
    public static async Task FindsNoWrite(string statements, string members = "") =>
        Assert.Empty((await AnalyzeRead(statements, members)).Where(IsWrite).Select(static d => d.ToString()));

    /// <summary>What is reported for a read with these statements.</summary>
    public static Task<Diagnostic[]> AnalyzeRead(string statements, string members = "")
    {
        var code = Source(statements, members);
        Assert.Empty(TestCode.Errors(code.Compile().AddReferences(Libraries.Value)));
        return Analyze(code);
    }

    /// <summary>The same for a whole source, which brings its own read.</summary>
    public static Task ReportsIn(string source) => Proves(TestCode.From(source));

    /// <summary>Exactly the marked places are reported, if any, in a read that the compiler can't bind.</summary>
    public static Task ReportsUnbound(string statements, string members = "")
    {
        var code = Source(statements, members);
        Assert.NotEmpty(TestCode.Errors(code.Compile().AddReferences(Libraries.Value)));
        return Compares(code);
    }

    /// <summary>What is reported in a source that the compiler may reject.</summary>
    public static async Task<Diagnostic[]> Analyze(TestCode code)
    {
        var compilation = code.Compile().AddReferences(Libraries.Value);
        var diagnostics = await compilation.WithAnalyzers([new ReadEffectAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. diagnostics.OrderBy(static d => d.Location.SourceSpan.Start).ThenBy(static d => d.Id, StringComparer.Ordinal)];
    }

    public static TestCode Source(string statements, string members = "", string usings = "") => TestCode.From(
        $$"""
        {{usings}}
        using Microsoft.EntityFrameworkCore; using System.Text;
        public sealed class Note { }
        public static partial class Notes
        {
            [ReadQuery]
            public static async Task Run(NpgsqlConnection connection, NpgsqlDataSource source, DbConnection any, DbContext context, Library.Runner runner, long id, string name, bool flag, int kind)
            {
                await Task.Yield();
                {{statements}}
            }

            {{members}}
        }
        """);

    // Neither unknown nor a routine that only the database knows.
    private static bool IsWrite(Diagnostic found) => found.Id is not ("CTR108" or "CTR109");

    private static Task Proves(TestCode code)
    {
        Assert.Empty(TestCode.Errors(code.Compile().AddReferences(Libraries.Value)));
        return Compares(code);
    }

    private static async Task Compares(TestCode code)
    {
        var expected = code.Marks.Select(mark => $"{mark.Id} {mark.Span} {code.Text.Substring(mark.Span.Start, mark.Span.Length)}").ToArray();
        var isUnknownMarked = code.Marks.Any(static mark => mark.Id == "CTR108");
        var found = (await Analyze(code)).Where(d => isUnknownMarked || d.Id != "CTR108")
            .Select(d => $"{d.Id} {d.Location.SourceSpan} {code.Text.Substring(d.Location.SourceSpan.Start, d.Location.SourceSpan.Length)}");
        Assert.Equal(expected, found);
    }

    private static PortableExecutableReference Compile()
    {
        var compilation = CSharpCompilation.Create(
            "Libraries",
            [CSharpSyntaxTree.ParseText(Library, cancellationToken: TestContext.Current.CancellationToken)],
            TestCode.From("").Compile().References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var result = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return MetadataReference.CreateFromImage(ImmutableArray.Create(image.ToArray()));
    }
}
