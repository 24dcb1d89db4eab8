using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.CodeFixes;

/// <summary>One way to fix some rules.</summary>
internal abstract class Fix
{
    /// <param name="equivalenceKey">Stable: hosts remember it, and the actions of one key are fixed in one go.</param>
    /// <param name="titleForAll">The title of the action that fixes all.</param>
    /// <param name="ruleIds">The rules that it can fix.</param>
    protected Fix(string equivalenceKey, string titleForAll, params string[] ruleIds)
    {
        EquivalenceKey = equivalenceKey;
        TitleForAll = titleForAll;
        Rules = ImmutableArray.Create(ruleIds);
    }

    public string EquivalenceKey { get; }

    public string TitleForAll { get; }

    public ImmutableArray<string> Rules { get; }

    /// <summary>What to do about a diagnostic; null where this fix doesn't apply.</summary>
    public async Task<FixProposal?> ProposeAsync(Document document, Diagnostic diagnostic, FixBatch batch, CancellationToken cancellationToken) =>
        Rules.Contains(diagnostic.Id) && await FixContext.CreateAsync(document, diagnostic, batch, cancellationToken).ConfigureAwait(false) is { } context
            ? Propose(context)
            : null;

    protected abstract FixProposal? Propose(FixContext context);
}
