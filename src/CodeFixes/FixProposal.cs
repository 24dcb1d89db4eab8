namespace CompileTimeRouting.CodeFixes;

/// <summary>What a fix does about one diagnostic.</summary>
/// <param name="Title">What the user reads, in the imperative.</param>
/// <param name="Edits">All of them belong together.</param>
internal sealed record FixProposal(string Title, IReadOnlyList<DocumentEdit> Edits);
