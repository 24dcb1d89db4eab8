using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>Proves caching in both directions: what didn't change isn't rendered again, and what did is.</summary>
internal static class Incrementality
{
    private static readonly string[] Steps = [TrackingNames.ReadMethods, TrackingNames.WriteMethods, TrackingNames.Statements, TrackingNames.Types, TrackingNames.Published];

    /// <summary>A new file and a new line in each old one run no step again.</summary>
    public static void AssertCached(GeneratorDriver driver, Compilation compilation)
    {
        var edited = compilation.AddSyntaxTrees(TestCompilation.Parse("namespace Unrelated { internal sealed class Added { public int Value; } }", "Added.cs"));
        foreach (var tree in compilation.SyntaxTrees)
        {
            var text = tree.GetText(TestContext.Current.CancellationToken) + "\n// edited\n";
            edited = edited.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(text, TestCompilation.ParseOptions, tree.FilePath));
        }

        var reasons = Reasons(driver.RunGenerators(edited, TestContext.Current.CancellationToken));
        Assert.NotEmpty(reasons);
        Assert.All(reasons, static r => Assert.True(
            r.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{r.Step} was {r.Reason}"));
    }

    /// <summary>A changed attribute makes its type's file be rendered again.</summary>
    public static void AssertNoticed(GeneratorDriver driver, Compilation compilation)
    {
        var edited = compilation;
        foreach (var tree in compilation.SyntaxTrees)
        {
            var root = new AttributeEdit().Visit(tree.GetRoot(TestContext.Current.CancellationToken));
            edited = edited.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(root, tree.Options));
        }

        var reasons = Reasons(driver.RunGenerators(edited, TestContext.Current.CancellationToken));
        Assert.Contains(reasons, static r => r.Step == TrackingNames.Types && r.Reason is IncrementalStepRunReason.Modified or IncrementalStepRunReason.New);
        Assert.Contains(reasons, static r => r.Step == "output" && r.Reason is IncrementalStepRunReason.Modified or IncrementalStepRunReason.New);
    }

    public static List<(string Step, IncrementalStepRunReason Reason)> Reasons(GeneratorDriver driver)
    {
        var result = driver.GetRunResult().Results.Single();
        var tracked = Steps
            .Where(result.TrackedSteps.ContainsKey)
            .SelectMany(step => result.TrackedSteps[step].SelectMany(run => run.Outputs.Select(output => (step, output.Reason))));
        var outputs = result.TrackedOutputSteps.SelectMany(static s => s.Value).SelectMany(static run => run.Outputs.Select(static o => ("output", o.Reason)));
        return [.. tracked, .. outputs];
    }

    private sealed class AttributeEdit : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitAttribute(AttributeSyntax node) => node.Name.ToString() switch
        {
            "ReadQuery" => With(node, "Group = \"edited\""),
            "WriteCommand" => With(node, "IsolationLevel = (IsolationLevel)16777216"),
            _ => node,
        };

        private static AttributeSyntax With(AttributeSyntax node, string argument)
        {
            var name = argument[..argument.IndexOf(' ', StringComparison.Ordinal)];
            var others = node.ArgumentList?.Arguments.Where(a => a.NameEquals?.Name.ToString() != name).Select(static a => a.ToString()) ?? [];
            return node.WithArgumentList(SyntaxFactory.ParseAttributeArgumentList($"({string.Join(", ", others.Append(argument))})"));
        }
    }
}
