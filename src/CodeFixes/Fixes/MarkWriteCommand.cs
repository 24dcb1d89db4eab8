using CompileTimeRouting.CodeFixes.Syntax;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.CodeFixes.Fixes;

/// <summary>
/// Turns [ReadQuery] into [WriteCommand]: the SQL and what both attributes know stays, what only a read knows goes.
/// </summary>
internal sealed class MarkWriteCommand : Fix
{
    public MarkWriteCommand()
        : base("CompileTimeRouting.MarkWriteCommand", "Mark as [WriteCommand]", FixableRules.WriteInRead)
    {
    }

    protected override FixProposal? Propose(FixContext context)
    {
        var edits = new List<DocumentEdit>();
        var names = new List<string>();
        foreach (var (method, read) in RoutedReads.Around(context))
        {
            if (read.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken) is not AttributeSyntax attribute ||
                context.DocumentOf(attribute.SyntaxTree) is not { } document)
            {
                continue;
            }

            edits.Add(Rename(attribute, document.Id, context));
            edits.AddRange(RemoveArguments(attribute, document.Id, context.Known));
            names.Add(method.Name.Length == 0 ? "lambda expression" : method.Name);
        }

        return names.Count == 0 ? null : new FixProposal($"Mark '{names[0]}' as [WriteCommand]", edits);
    }

    private static DocumentEdit Rename(AttributeSyntax attribute, DocumentId document, FixContext context)
    {
        var command = context.Known.WriteCommand;
        switch (attribute.Name)
        {
            case QualifiedNameSyntax { Right: var right }:
                return new DocumentEdit(document, right.Span, NameLike(right, AttributeNames.Short(command)));
            case AliasQualifiedNameSyntax { Name: var name }:
                return new DocumentEdit(document, name.Span, NameLike(name, AttributeNames.Short(command)));
            default:
                var at = AttributeNames.At(context.ModelOf(attribute.SyntaxTree), attribute.SpanStart, command);
                return new DocumentEdit(document, attribute.Name.Span, NameLike(attribute.Name, at));
        }
    }

    // Whoever writes the suffix of the one writes that of the other.
    private static string NameLike(NameSyntax name, string shortName) =>
        name.ToString().EndsWith("ReadQueryAttribute", StringComparison.Ordinal) ? shortName + nameof(Attribute) : shortName;

    private static IEnumerable<DocumentEdit> RemoveArguments(AttributeSyntax attribute, DocumentId document, KnownSymbols known)
    {
        if (attribute.ArgumentList is not { Arguments: var arguments } list)
            yield break;
        var kept = arguments.Where(argument => IsKept(argument, known)).ToList();
        if (kept.Count == arguments.Count)
            yield break;
        if (kept.Count == 0)
        {
            yield return DocumentEdit.Remove(document, attribute.Name.Span.End, list.Span.End);
            yield break;
        }

        // Behind the last that stays, all goes; before it, each with its comma.
        var last = arguments.IndexOf(kept[kept.Count - 1]);
        if (last + 1 < arguments.Count)
            yield return DocumentEdit.Remove(document, arguments[last].Span.End, arguments[arguments.Count - 1].Span.End);
        for (var i = 0; i < last; i++)
        {
            if (!IsKept(arguments[i], known))
                yield return new DocumentEdit(document, AttributeRemoval.InList(arguments, i), "");
        }
    }

    private static bool IsKept(AttributeArgumentSyntax argument, KnownSymbols known) =>
        argument.NameEquals is not { Name.Identifier.ValueText: var name } ||
        known.WriteCommand.GetMembers(name).Any(static member => member is IPropertySymbol { SetMethod: not null });
}
