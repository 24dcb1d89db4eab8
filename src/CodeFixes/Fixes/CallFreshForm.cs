using System.Globalization;
using System.Text;
using CompileTimeRouting.CodeFixes.Syntax;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.Statements;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.CodeFixes.Fixes;

/// <summary>
/// Raises the consistency at one call: it calls a second form of the read, which differs in its consistency only. Where the type
/// has none yet, it is written below the first. Routes are made at compile time, so a level of its own costs a call nothing.
/// </summary>
/// <param name="consistency">The member of <c>ReadConsistency</c>.</param>
/// <param name="number">Its number.</param>
/// <param name="word">What the name of a second form says of it.</param>
/// <param name="rule">The rule that asks for it.</param>
internal sealed class CallFreshForm(string consistency, int number, string word, string rule) : Fix(
    "CompileTimeRouting.CallForm." + consistency, $"Call forms of the reads with ReadConsistency.{consistency}", rule)
{
    private const string Async = "Async";

    protected override FixProposal? Propose(FixContext context)
    {
        if (CallAt(context) is not { } call || NameIn(call) is not { } called ||
            SetConsistency.Read(context) is not { } read || !Calls(call, read.Method, context) ||
            read.Attribute.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { TypeParameterList: null, ContainsDirectives: false } declaration ||
            context.DocumentOf(declaration.SyntaxTree) is not { } document || !SetConsistency.CanBe(consistency, read.Attribute))
        {
            return null;
        }

        if (Existing(read.Method, context.Known) is { } existing)
            return new FixProposal($"Call '{existing}' here, which reads with ReadConsistency.{consistency}", [new DocumentEdit(context.Document.Id, called.Identifier.Span, existing)]);
        var name = context.Batch.NameFor(document.Id, declaration.Span, isTaken => NewName(read.Method, isTaken));
        var value = SetConsistency.Value(consistency, read.Attribute, context);
        return Member(read, declaration, name, value, context) is { } member
            ? new FixProposal(
                $"Call a form of '{read.Method.Name}' with ReadConsistency.{consistency} here",
                [new DocumentEdit(context.Document.Id, called.Identifier.Span, name), DocumentEdit.Insert(document.Id, EndOf(declaration), member)])
            : null;
    }

    private static InvocationExpressionSyntax? CallAt(FixContext context) =>
        context.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>(call => call.Span == context.Diagnostic.Location.SourceSpan);

    private static SimpleNameSyntax? NameIn(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        SimpleNameSyntax name => name,
        _ => null,
    };

    // Where the read is reached through an interface, a redirect or another method, that would have to change as well.
    private static bool Calls(InvocationExpressionSyntax call, IMethodSymbol read, FixContext context)
    {
        var info = context.Model.GetSymbolInfo(call, context.CancellationToken);
        return (info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is IMethodSymbol target &&
            RoutingAttributes.Marked(target, context.Known) is { } marked && SymbolEqualityComparer.Default.Equals(marked, read.PartialDefinitionPart ?? read);
    }

    private string? Existing(IMethodSymbol read, KnownSymbols known)
    {
        if (RoutingAttributes.Find(read, known).Read is not { } own || AttributeSql.Value(own) is not { } sql)
            return null;
        foreach (var member in read.ContainingType.GetMembers())
        {
            if (member is IMethodSymbol other && other.Name != read.Name && RoutingAttributes.Find(other, known).Read is { } attribute && AttributeSql.Value(attribute) == sql &&
                RouteReader.Read(attribute, isRead: true, other).Consistency == number && other.Parameters.Length == read.Parameters.Length &&
                SignatureComparer.SameTypes(other.Parameters, 0, read.Parameters, 0) && SymbolEqualityComparer.IncludeNullability.Equals(other.ReturnType, read.ReturnType))
            {
                return other.Name;
            }
        }

        return null;
    }

    private string NewName(IMethodSymbol read, Func<string, bool> isTaken)
    {
        var isAsync = read.Name.Length > Async.Length && read.Name.EndsWith(Async, StringComparison.Ordinal);
        var stem = isAsync ? read.Name.Substring(0, read.Name.Length - Async.Length) : read.Name;
        for (var i = 1; ; i++)
        {
            var name = stem + word + (i == 1 ? "" : i.ToString(CultureInfo.InvariantCulture)) + (isAsync ? Async : "");
            if (!isTaken(name) && read.ContainingType.GetMembers(name).IsEmpty)
                return name;
        }
    }

    private static string? Member((IMethodSymbol Method, AttributeSyntax Attribute) read, MethodDeclarationSyntax declaration, string name, string value, FixContext context)
    {
        var text = declaration.SyntaxTree.GetText(context.CancellationToken);
        if (SourceLayout.Indentation(text, declaration.SpanStart) is not { } indentation)
            return null;
        var newLine = SourceLayout.NewLine(text);
        var comment = declaration.GetLeadingTrivia().FirstOrDefault(static t => t.HasStructure && t.GetStructure() is DocumentationCommentTriviaSyntax);
        var start = comment == default ? declaration.SpanStart : comment.FullSpan.Start;
        var changes = SetConsistency.Edits(read.Attribute, context.Document.Id, value).Select(static e => new TextChange(e.Span, e.Text)).ToList();
        changes.Add(new TextChange(declaration.Identifier.Span, name));
        string? core = null;
        if (declaration.Body is not null || declaration.ExpressionBody is not null)
        {
            // Its own core: the new one hands on to it.
            changes.AddRange(declaration.Modifiers.Where(static m => m.IsKind(SyntaxKind.AsyncKeyword)).Select(static m => new TextChange(m.FullSpan, "")));
            changes.Add(new TextChange(TextSpan.FromBounds(declaration.ParameterList.SpanStart, declaration.Span.End), Parameters(declaration) + HandsOn(declaration, newLine, indentation)));
        }
        else if (!read.Attribute.ArgumentList?.Arguments.Any(static a => a.NameEquals is null) ?? true)
        {
            if (CoreFinder.Find(read.Method, context.Known).Core?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.CancellationToken) is not MethodDeclarationSyntax { TypeParameterList: null } found ||
                found.SyntaxTree != declaration.SyntaxTree)
            {
                return null;
            }

            var modifiers = found.Modifiers.Where(static m => m.Kind() is SyntaxKind.PrivateKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.InternalKeyword or SyntaxKind.PublicKeyword or SyntaxKind.StaticKeyword);
            core = $"{newLine}{newLine}{indentation}{string.Concat(modifiers.Select(static m => m.Text + " "))}{found.ReturnType} {name}{Parameters(found)}{HandsOn(found, newLine, indentation)}";
        }

        var copy = new StringBuilder();
        var end = start;
        foreach (var change in changes.OrderBy(static c => c.Span.Start))
        {
            copy.Append(text.ToString(TextSpan.FromBounds(end, change.Span.Start))).Append(change.NewText);
            end = change.Span.End;
        }

        copy.Append(text.ToString(TextSpan.FromBounds(end, Math.Max(end, declaration.Span.End))));
        return $"{newLine}{newLine}{indentation}{copy}{core}";
    }

    // What attributes of parameters mean to an iterator means nothing here.
    private static string Parameters(MethodDeclarationSyntax core) =>
        $"({string.Join(", ", core.ParameterList.Parameters.Select(static p => p.WithAttributeLists(default).WithoutTrivia().ToString()))})";

    private static string HandsOn(MethodDeclarationSyntax core, string newLine, string indentation) =>
        $" =>{newLine}{indentation}{(indentation.Contains('\t') ? "\t" : "    ")}{core.Identifier}({string.Join(", ", core.ParameterList.Parameters.Select(static p => p.Identifier.Text))});";

    // Behind a comment on its last line.
    private static int EndOf(MethodDeclarationSyntax declaration)
    {
        var line = declaration.SyntaxTree.GetText().Lines.GetLineFromPosition(declaration.Span.End);
        return declaration.GetLastToken().GetNextToken().SpanStart >= line.End ? line.End : declaration.Span.End;
    }
}
