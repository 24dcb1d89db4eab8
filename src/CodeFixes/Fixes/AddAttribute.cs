using CompileTimeRouting.CodeFixes.Syntax;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.CodeFixes.Fixes;

/// <summary>
/// Marks a method as what it was found to be: with the attribute, the using directive that it needs, and <c>partial</c> on the
/// types around it, where its shim goes.
/// </summary>
internal sealed class AddAttribute : Fix
{
    /// <summary>The property of the diagnostic that says which attribute: <c>ReadQuery</c> or <c>WriteCommand</c>.</summary>
    public const string Property = "Attribute";

    public AddAttribute()
        : base("CompileTimeRouting.AddAttribute", "Mark data-access methods by what they do", RuleIds.Unmarked)
    {
    }

    protected override FixProposal? Propose(FixContext context)
    {
        if (context.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method ||
            !context.Diagnostic.Properties.TryGetValue(Property, out var name))
        {
            return null;
        }

        var attribute = name switch
        {
            "ReadQuery" => context.Known.ReadQuery,
            "WriteCommand" => context.Known.WriteCommand,
            _ => null,
        };
        if (attribute is null)
            return null;

        var id = context.Document.Id;
        var text = context.Root.SyntaxTree.GetText(context.CancellationToken);
        var position = method.GetFirstToken().SpanStart;
        var edits = new List<DocumentEdit>();
        string written;
        if (AttributeNames.IsUnknownAt(context.Model, position, attribute))
        {
            edits.Add(UsingDirectives.Add(id, (CompilationUnitSyntax)context.Root, method, attribute.ContainingNamespace.ToDisplayString(), text));
            written = AttributeNames.Short(attribute);
        }
        else
            written = AttributeNames.At(context.Model, position, attribute);

        edits.AddRange(PartialModifier.AddToTypes(method, id));
        edits.Add(DocumentEdit.Insert(id, position, $"[{written}]{SourceLayout.Separator(text, position)}"));
        return new FixProposal($"Mark '{method.Identifier.ValueText}' as [{name}]", edits);
    }
}
