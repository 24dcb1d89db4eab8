using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace CompileTimeRouting.CodeFixes;

/// <summary>
/// Offers the fixes of some rules. The first one is what <c>dotnet format</c> takes, so it must be the one that is never wrong.
/// </summary>
/// <remarks>No <c>[Shared]</c>: it is of no use outside MEF, and would bind the assembly to one version of System.Composition.</remarks>
public abstract class RoutingCodeFixProvider : CodeFixProvider
{
    private readonly ImmutableArray<Fix> _fixes;
    private readonly FixAllProvider _fixAll;

    private protected RoutingCodeFixProvider(params Fix[] fixes)
    {
        _fixes = ImmutableArray.Create(fixes);
        _fixAll = new BatchFixAllProvider(_fixes);
        FixableDiagnosticIds = _fixes.SelectMany(static fix => fix.Rules).Distinct().ToImmutableArray();
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => _fixAll;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var solution = context.Document.Project.Solution;
        foreach (var fix in _fixes)
        {
            foreach (var diagnostic in context.Diagnostics)
            {
                var batch = new FixBatch();
                if (await fix.ProposeAsync(context.Document, diagnostic, batch, context.CancellationToken).ConfigureAwait(false) is not { } proposal)
                    continue;
                batch.Add(proposal);
                context.RegisterCodeFix(CodeAction.Create(proposal.Title, token => batch.ApplyAsync(solution, token), fix.EquivalenceKey), diagnostic);
            }
        }
    }
}
