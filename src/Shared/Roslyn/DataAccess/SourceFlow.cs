using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// Which of the places that give a variable its value another place can see, told from the syntax: cheap, and right for the
/// straight ways in which SQL is put together.
/// </summary>
internal static class SourceFlow
{
    /// <summary>Whether a place lies on every way to another: its block is one that the other stands in, too.</summary>
    public static bool IsOnEveryWay(SyntaxNode place, SyntaxNode at)
    {
        var block = place.FirstAncestorOrSelf<SyntaxNode>(static n => n is BlockSyntax or SwitchSectionSyntax or CompilationUnitSyntax);
        var statement = place.FirstAncestorOrSelf<StatementSyntax>();
        var isEmbedded = statement?.Parent is not (BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax);
        return block is not null && !isEmbedded && block.Span.Contains(at.Span);
    }

    /// <summary>Whether the block around a place returns or throws, so that no way leads from there to another place behind it.</summary>
    public static bool Leaves(SyntaxNode place, SyntaxNode at)
    {
        for (var node = place; node is not null && !node.Span.Contains(at.Span); node = node.Parent)
        {
            if (node is BlockSyntax block && block.Parent is not BaseMethodDeclarationSyntax && IsJump(block.Statements.LastOrDefault()))
                return true;
        }

        return false;
    }

    /// <summary>Whether a place stands in a lambda or local function that another place doesn't stand in.</summary>
    public static bool IsInNested(SyntaxNode place, SyntaxNode at) =>
        place.Ancestors().Any(n => n is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax && !n.Span.Contains(at.Span));

    /// <summary>The loop that two places stand in.</summary>
    public static SyntaxNode? LoopOf(SyntaxNode place, SyntaxNode at) =>
        place.FirstAncestorOrSelf<SyntaxNode>(n => n is ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax or CommonForEachStatementSyntax && n.Span.Contains(at.Span));

    /// <summary>The statement around a place, before another place, in which every branch has one of the places; null where some way leads around them.</summary>
    public static SyntaxNode? Covering(SyntaxNode place, SyntaxNode at, IEnumerable<SyntaxNode> places)
    {
        StatementSyntax? outermost = null;
        for (var node = place; node is not null && !node.Span.Contains(at.Span); node = node.Parent)
            outermost = node as StatementSyntax ?? outermost;
        return outermost is not null && IsCovered(outermost, [.. places.Select(static p => p.SpanStart)]) ? outermost : null;
    }

    /// <summary>
    /// Adds to a text in the order of the source; what stands in different branches of one statement makes alternatives.
    /// </summary>
    /// <param name="texts">What is added to.</param>
    /// <param name="additions">Where each stands, and what it does to a text.</param>
    /// <param name="at">The place that sees the result.</param>
    public static SqlTexts Append(SqlTexts texts, IReadOnlyList<(SyntaxNode Place, Func<SqlTexts, SqlTexts> Add)> additions, SyntaxNode at)
    {
        for (var i = 0; i < additions.Count;)
        {
            if (Choice(additions[i].Place, at) is not { } choice)
            {
                texts = additions[i++].Add(texts);
                continue;
            }

            var branches = new List<(SyntaxNode Branch, List<(SyntaxNode, Func<SqlTexts, SqlTexts>)> Additions)>();
            for (; i < additions.Count && choice.Span.Contains(additions[i].Place.Span); i++)
            {
                var branch = BranchOf(additions[i].Place, choice);
                if (branches.Count == 0 || branches[branches.Count - 1].Branch != branch)
                    branches.Add((branch, []));
                branches[branches.Count - 1].Additions.Add(additions[i]);
            }

            var before = texts;
            texts = branches.Aggregate(SqlTexts.None, (all, branch) => all.Or(Append(before, branch.Additions, branch.Branch)));
        }

        return texts;
    }

    // The outermost statement around a place, up to the block of another, of which only one branch runs.
    private static StatementSyntax? Choice(SyntaxNode place, SyntaxNode at)
    {
        StatementSyntax? found = null;
        for (var node = place.Parent; node is not null && (node == at || !node.Span.Contains(at.Span)); node = node.Parent)
        {
            if (node is IfStatementSyntax { Else: not null } or SwitchStatementSyntax)
                found = (StatementSyntax)node;
            // else if …: the branch is a choice itself.
            if (node == at)
                break;
        }

        return found;
    }

    private static SyntaxNode BranchOf(SyntaxNode place, StatementSyntax choice)
    {
        for (var node = place; ; node = node.Parent!)
        {
            if (node.Parent == choice || (node is StatementSyntax && node.Parent is ElseClauseSyntax && node.Parent.Parent == choice))
                return node;
        }
    }

    private static bool IsCovered(StatementSyntax statement, HashSet<int> places) => statement switch
    {
        _ when IsJump(statement) => true,
        BlockSyntax block => block.Statements.Any(s => IsCovered(s, places)),
        IfStatementSyntax { Else: { } otherwise } choice => IsCovered(choice.Statement, places) && IsCovered(otherwise.Statement, places),
        SwitchStatementSyntax choice => choice.Sections.Any(static s => s.Labels.Any(static l => l.IsKind(SyntaxKind.DefaultSwitchLabel))) &&
            choice.Sections.All(section => section.Statements.Any(s => IsCovered(s, places))),
        UsingStatementSyntax use => IsCovered(use.Statement, places),
        LockStatementSyntax locked => IsCovered(locked.Statement, places),
        ExpressionStatementSyntax or LocalDeclarationStatementSyntax => places.Any(p => statement.Span.Contains(p)),
        _ => false,
    };

    private static bool IsJump(StatementSyntax? statement) => statement is ReturnStatementSyntax or ThrowStatementSyntax;
}
