using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.CodeFixes.Fixes;

/// <summary>Sets the consistency of the read that a diagnostic names, at its attribute, which may stand in another file.</summary>
/// <param name="consistency">The member of <c>ReadConsistency</c>.</param>
/// <param name="rule">The rule that asks for it.</param>
internal sealed class SetConsistency(string consistency, string rule) : Fix(
    "CompileTimeRouting.SetConsistency." + consistency, $"Set Consistency = ReadConsistency.{consistency}", rule)
{
    /// <summary>The property of the diagnostic that holds the documentation-comment id of the read.</summary>
    public const string ReadProperty = "Read";

    private const string Property = "Consistency";

    protected override FixProposal? Propose(FixContext context)
    {
        if (!context.Diagnostic.Properties.TryGetValue(ReadProperty, out var id) || id is null ||
            DocumentationCommentId.GetFirstSymbolForDeclarationId(id, context.Model.Compilation) is not IMethodSymbol read ||
            read.GetAttributes().FirstOrDefault(a => SymbolEqualityComparer.Default.Equals(a.AttributeClass, context.Known.ReadQuery)) is not { } attribute ||
            attribute.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken) is not AttributeSyntax syntax ||
            context.DocumentOf(syntax.SyntaxTree) is not { } document)
        {
            return null;
        }

        // A group is one of replicas: a strong read can't be of any.
        var arguments = syntax.ArgumentList?.Arguments ?? default;
        if (consistency == "Strong" && arguments.Any(static a => IsNamed(a, "Group")))
            return null;
        return new FixProposal($"Set Consistency = ReadConsistency.{consistency} on '{read.Name}'", [.. Edits(syntax, document.Id, Value(context.ModelOf(syntax.SyntaxTree), syntax, context))]);
    }

    private string Value(SemanticModel model, AttributeSyntax attribute, FixContext context)
    {
        var isKnown = model.LookupNamespacesAndTypes(attribute.SpanStart, name: "ReadConsistency") is [var found] && SymbolEqualityComparer.Default.Equals(found, context.Known.ReadConsistency);
        return (isKnown ? "ReadConsistency." : "global::CompileTimeRouting.ReadConsistency.") + consistency;
    }

    private static IEnumerable<DocumentEdit> Edits(AttributeSyntax attribute, DocumentId document, string value)
    {
        if (attribute.ArgumentList is not { } list)
        {
            yield return DocumentEdit.Insert(document, attribute.Span.End, $"({Property} = {value})");
            yield break;
        }

        if (list.Arguments.FirstOrDefault(static a => IsNamed(a, Property)) is not { } present)
        {
            yield return list.Arguments.Count == 0
                ? DocumentEdit.Insert(document, list.OpenParenToken.Span.End, $"{Property} = {value}")
                : DocumentEdit.Insert(document, list.Arguments.Last().Span.End, $", {Property} = {value}");
            yield break;
        }

        yield return new DocumentEdit(document, present.Expression.Span, value);
        // The bound of a bounded read bounds nothing any more.
        if (list.Arguments.FirstOrDefault(static a => IsNamed(a, "MaxLagSeconds")) is { } bound)
        {
            var index = list.Arguments.IndexOf(bound);
            yield return index > 0
                ? DocumentEdit.Remove(document, list.Arguments[index - 1].Span.End, bound.Span.End)
                : DocumentEdit.Remove(document, bound.SpanStart, list.Arguments[1].SpanStart);
        }
    }

    private static bool IsNamed(AttributeArgumentSyntax argument, string name) => argument.NameEquals?.Name.Identifier.ValueText == name;
}
