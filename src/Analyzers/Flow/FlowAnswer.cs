using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Where the answer of a read goes in its body: the variables that hold it, or something made of it. By names, which mean one
/// variable in a body.
/// </summary>
internal sealed class FlowAnswer
{
    private readonly SyntaxNode _read;
    private readonly HashSet<string> _names;

    private FlowAnswer(SyntaxNode read, HashSet<string> names)
    {
        _read = read;
        _names = names;
    }

    /// <summary>How a write uses the answer.</summary>
    public enum Use : byte
    {
        None,

        /// <summary>Only to say which row is meant: <c>order.Id</c>.</summary>
        Key,

        Value,
    }

    public static FlowAnswer Of(SyntaxNode read, FlowGraph flow)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var body = read.AncestorsAndSelf().LastOrDefault(static n => n is MemberDeclarationSyntax and not BaseTypeDeclarationSyntax and not BaseNamespaceDeclarationSyntax or AccessorDeclarationSyntax) ?? read.SyntaxTree.GetRoot();
        if (body is GlobalStatementSyntax)
            body = body.Parent!;
        var receivers = body.DescendantNodes().Select(static n => Flows(n)).Where(static f => f.Value is not null).ToList();
        // What another call makes of it is that call's answer.
        var others = flow.Steps.Select(static s => s.Syntax).Where(s => s != read).ToList();
        bool isChanged;
        do
        {
            isChanged = false;
            foreach (var (value, targets) in receivers)
            {
                if ((value!.Span.Contains(read.Span) || Mentions(value, names)) && !others.Exists(o => value.Span.Contains(o.Span) && !o.Span.Contains(read.Span)))
                {
                    foreach (var target in targets)
                        isChanged |= names.Add(target);
                }
            }
        }
        while (isChanged);
        return new FlowAnswer(read, names);
    }

    /// <summary>Whether the answer, or something made of it, stands in the code.</summary>
    public bool IsIn(SyntaxNode code) => code.Span.Contains(_read.Span) || Mentions(code, _names);

    /// <summary>What a call is given of it.</summary>
    public Use UseIn(SyntaxNode call)
    {
        IEnumerable<SyntaxNode> given = call switch
        {
            InvocationExpressionSyntax invocation => invocation.ArgumentList.Arguments,
            BaseObjectCreationExpressionSyntax creation => creation.DescendantNodes(),
            _ => [],
        };
        var use = Use.None;
        foreach (var argument in given)
        {
            if (argument.Span.Contains(_read.Span) && !argument.AncestorsAndSelf().Any(n => n == _read))
                return Use.Value;
            foreach (var name in argument.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
            {
                if (!IsOf(name, _names))
                    continue;
                if (!IsKey(name))
                    return Use.Value;
                use = Use.Key;
            }
        }

        return use;
    }

    private static bool Mentions(SyntaxNode code, HashSet<string> names) =>
        names.Count > 0 && code.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(n => IsOf(n, names));

    // A member of the same name is something else.
    private static bool IsOf(IdentifierNameSyntax name, HashSet<string> names) =>
        names.Contains(name.Identifier.ValueText) &&
        name.Parent is not (NameColonSyntax or NameEqualsSyntax or MemberBindingExpressionSyntax) && (name.Parent as MemberAccessExpressionSyntax)?.Name != name;

    private static bool IsKey(IdentifierNameSyntax name)
    {
        SyntaxNode at = name;
        while (at.Parent is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed)
            at = suppressed;
        var member = at.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Expression == at => access.Name.Identifier.ValueText == "Value" && access.Parent is MemberAccessExpressionSyntax outer ? outer.Name.Identifier.ValueText : access.Name.Identifier.ValueText,
            ConditionalAccessExpressionSyntax { WhenNotNull: MemberBindingExpressionSyntax bound } access when access.Expression == at => bound.Name.Identifier.ValueText,
            _ => null,
        };
        return member is not null && (member == "Id" || member.EndsWith("Id", StringComparison.Ordinal) || member.EndsWith("Key", StringComparison.Ordinal));
    }

    // The variables that get something, and what they get.
    private static (SyntaxNode? Value, IEnumerable<string> Targets) Flows(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax { Initializer.Value: { } value } variable => (value, [variable.Identifier.ValueText]),
        AssignmentExpressionSyntax assignment => (assignment.Right, Targets(assignment.Left)),
        CommonForEachStatementSyntax loop => (loop.Expression, loop is ForEachStatementSyntax one ? [one.Identifier.ValueText] : loop.DescendantNodes().OfType<SingleVariableDesignationSyntax>().Select(static d => d.Identifier.ValueText)),
        IsPatternExpressionSyntax pattern => (pattern.Expression, Designations(pattern.Pattern)),
        SwitchStatementSyntax choice => (choice.Expression, choice.Sections.SelectMany(static s => s.Labels).SelectMany(static l => Designations(l))),
        SwitchExpressionSyntax choice => (choice.GoverningExpression, choice.Arms.SelectMany(static a => Designations(a.Pattern))),
        _ => (null, []),
    };

    private static IEnumerable<string> Targets(ExpressionSyntax left) => left switch
    {
        IdentifierNameSyntax name => [name.Identifier.ValueText],
        // What is put into an object is in it.
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax name } => [name.Identifier.ValueText],
        _ => left.DescendantNodes().OfType<SingleVariableDesignationSyntax>().Select(static d => d.Identifier.ValueText)
            .Concat(left is TupleExpressionSyntax tuple ? tuple.Arguments.Select(static a => a.Expression).OfType<IdentifierNameSyntax>().Select(static n => n.Identifier.ValueText) : []),
    };

    private static IEnumerable<string> Designations(SyntaxNode pattern) =>
        pattern.DescendantNodes().OfType<SingleVariableDesignationSyntax>().Select(static d => d.Identifier.ValueText);
}
