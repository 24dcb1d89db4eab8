using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.CodeFixes;

/// <summary>A diagnostic, and what is known of the place where it was reported.</summary>
internal sealed class FixContext
{
    private FixContext(Document document, Diagnostic diagnostic, FixBatch batch, SyntaxNode root, SemanticModel model, KnownSymbols known, CancellationToken cancellationToken)
    {
        Document = document;
        Diagnostic = diagnostic;
        Batch = batch;
        Root = root;
        Model = model;
        Known = known;
        CancellationToken = cancellationToken;
        Node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
    }

    public Document Document { get; }

    public Diagnostic Diagnostic { get; }

    public FixBatch Batch { get; }

    public SyntaxNode Root { get; }

    /// <summary>The innermost node that holds the diagnostic's place.</summary>
    public SyntaxNode Node { get; }

    public SemanticModel Model { get; }

    public KnownSymbols Known { get; }

    public CancellationToken CancellationToken { get; }

    /// <summary>Null where the place isn't in the document, or the project doesn't reference the runtime.</summary>
    public static async Task<FixContext?> CreateAsync(Document document, Diagnostic diagnostic, FixBatch batch, CancellationToken cancellationToken)
    {
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        if (model is null || KnownSymbols.For(model.Compilation) is not { } known)
            return null;
        var root = await model.SyntaxTree.GetRootAsync(cancellationToken).ConfigureAwait(false);
        return diagnostic.Location.SourceTree == model.SyntaxTree && root.FullSpan.Contains(diagnostic.Location.SourceSpan)
            ? new FixContext(document, diagnostic, batch, root, model, known, cancellationToken)
            : null;
    }

    /// <summary>The file that a tree of the compilation stands in; null where it was generated.</summary>
    public Document? DocumentOf(SyntaxTree tree) => Document.Project.GetDocument(tree);

    /// <summary>The model of a tree of the same compilation.</summary>
    public SemanticModel ModelOf(SyntaxTree tree) => tree == Model.SyntaxTree ? Model : Model.Compilation.GetSemanticModel(tree);
}
