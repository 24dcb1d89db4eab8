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

    protected override FixProposal? Propose(FixContext context) =>
        Read(context) is { } read && context.DocumentOf(read.Attribute.SyntaxTree) is { } document && CanBe(consistency, read.Attribute)
            ? new FixProposal($"Set Consistency = ReadConsistency.{consistency} on '{read.Method.Name}'", [.. Edits(read.Attribute, document.Id, Value(consistency, read.Attribute, context))])
            : null;

    /// <summary>The read that a diagnostic names, and its attribute; null where that isn't in the source.</summary>
    public static (IMethodSymbol Method, AttributeSyntax Attribute)? Read(FixContext context) =>
        context.Diagnostic.Properties.TryGetValue(ReadProperty, out var id) && id is not null &&
        DocumentationCommentId.GetFirstSymbolForDeclarationId(id, context.Model.Compilation) is IMethodSymbol read &&
        read.GetAttributes().FirstOrDefault(a => SymbolEqualityComparer.Default.Equals(a.AttributeClass, context.Known.ReadQuery)) is { } attribute &&
        attribute.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken) is AttributeSyntax syntax
            ? (read, syntax)
            : null;

    /// <summary>Whether a read can have a consistency: a group is one of replicas, and a strong read can't be of any.</summary>
    public static bool CanBe(string consistency, AttributeSyntax attribute) =>
        consistency != "Strong" || !(attribute.ArgumentList?.Arguments ?? default).Any(static a => IsNamed(a, "Group"));

    /// <summary>The expression for a consistency at an attribute.</summary>
    public static string Value(string consistency, AttributeSyntax attribute, FixContext context)
    {
        var isKnown = context.ModelOf(attribute.SyntaxTree).LookupNamespacesAndTypes(attribute.SpanStart, name: "ReadConsistency") is [var found] && SymbolEqualityComparer.Default.Equals(found, context.Known.ReadConsistency);
        return (isKnown ? "ReadConsistency." : "global::CompileTimeRouting.ReadConsistency.") + consistency;
    }

    /// <summary>What sets the consistency of an attribute.</summary>
    public static IEnumerable<DocumentEdit> Edits(AttributeSyntax attribute, DocumentId document, string value)
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
