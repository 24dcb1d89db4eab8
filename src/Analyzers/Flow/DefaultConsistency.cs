using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Tells whether the code sets an option for the reads that no attribute speaks for: <c>options.DefaultReadConsistency =
/// ReadConsistency.ReadYourWrites</c>. What a configuration file says isn't known.
/// </summary>
internal static class DefaultConsistency
{
    /// <summary>The name of the option.</summary>
    public const string Option = "DefaultReadConsistency";

    /// <summary>Whether every assignment of the option asks for what the session has written, and there is one.</summary>
    /// <param name="trees">The files that mention the option.</param>
    public static bool IsFresh(IEnumerable<SyntaxTree> trees)
    {
        var values = trees.SelectMany(static t => SourceAssignments.Of(Option, t, CancellationToken.None)).OfType<AssignmentExpressionSyntax>()
            .Where(static a => a.IsKind(SyntaxKind.SimpleAssignmentExpression)).Select(static a => SourceAssignments.NameOf(a.Right)).ToList();
        return values.Count > 0 && values.TrueForAll(static v => v is "ReadYourWrites" or "Strong");
    }
}
