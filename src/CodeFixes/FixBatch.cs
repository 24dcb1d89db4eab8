using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.CodeFixes;

/// <summary>The edits of all diagnostics that are fixed in one go.</summary>
internal sealed class FixBatch
{
    private readonly List<DocumentEdit> _edits = new();
    private readonly HashSet<DocumentEdit> _known = new();
    private readonly Dictionary<(DocumentId Document, TextSpan Span), string> _names = new();

    /// <summary>A name for what is made of a piece of code: for the same piece the same one, for another piece another one.</summary>
    public string NameFor(DocumentId document, TextSpan piece, Func<Func<string, bool>, string> choose)
    {
        if (!_names.TryGetValue((document, piece), out var name))
            _names.Add((document, piece), name = choose(_names.ContainsValue));
        return name;
    }

    /// <summary>Takes the edits of a proposal, unless what it would change was changed by an earlier one.</summary>
    public void Add(FixProposal proposal)
    {
        var edits = proposal.Edits.Distinct().Where(edit => !_known.Contains(edit)).ToList();
        if (edits.Any(edit => _edits.Any(made => made.Conflicts(edit))))
            return;
        _edits.AddRange(edits);
        _known.UnionWith(edits);
    }

    public async Task<Solution> ApplyAsync(Solution solution, CancellationToken cancellationToken)
    {
        foreach (var edits in _edits.GroupBy(static edit => edit.Document))
        {
            var text = await solution.GetDocument(edits.Key)!.GetTextAsync(cancellationToken).ConfigureAwait(false);
            solution = solution.WithDocumentText(edits.Key, text.WithChanges(Changes(edits)));
        }

        return solution;
    }

    // At one place the insertions come first, in the order they were made in.
    private static IEnumerable<TextChange> Changes(IEnumerable<DocumentEdit> edits) => edits
        .GroupBy(static edit => edit.Span)
        .OrderBy(static same => same.Key.Start).ThenBy(static same => same.Key.Length)
        .Select(static same => new TextChange(same.Key, string.Concat(same.Select(static edit => edit.Text))));
}
