using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CompileTimeRouting.CodeFixes;

/// <summary>Fixes all diagnostics in a document, project or solution in one go: each may need edits in several files.</summary>
internal sealed class BatchFixAllProvider(ImmutableArray<Fix> fixes) : FixAllProvider
{
    public override async Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext)
    {
        // Of several rules at once dotnet format may ask without a key.
        var key = fixAllContext.CodeActionEquivalenceKey ?? fixes[0].EquivalenceKey;
        if (fixes.FirstOrDefault(fix => fix.EquivalenceKey == key) is not { } fix)
            return null;
        var batch = new FixBatch();
        foreach (var document in Documents(fixAllContext))
        {
            var diagnostics = await fixAllContext.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);
            foreach (var diagnostic in diagnostics.OrderBy(static d => d.Location.SourceSpan.Start))
            {
                if (await fix.ProposeAsync(document, diagnostic, batch, fixAllContext.CancellationToken).ConfigureAwait(false) is { } proposal)
                    batch.Add(proposal);
            }
        }

        return CodeAction.Create(fix.TitleForAll, token => batch.ApplyAsync(fixAllContext.Solution, token), fix.EquivalenceKey);
    }

    private static IEnumerable<Document> Documents(FixAllContext context) => context.Scope switch
    {
        FixAllScope.Document => context.Document is { } document ? [document] : [],
        FixAllScope.Project => context.Project.Documents,
        FixAllScope.Solution => context.Solution.Projects.Where(p => p.Language == context.Project.Language).SelectMany(static p => p.Documents),
        _ => [],
    };
}
