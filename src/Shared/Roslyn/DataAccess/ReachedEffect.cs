using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>Something that a method does to a database, itself or through what it calls.</summary>
/// <param name="RuleId">The rule that it breaks in a read.</param>
/// <param name="Syntax">The expression that does it.</param>
/// <param name="Words">The words of the SQL, where they stand in source.</param>
/// <param name="Word">What it is called in a message.</param>
/// <param name="Reason">A clause: why it is unfit for a read.</param>
/// <param name="IsCertain">False for advice.</param>
/// <param name="Path">The calls that lead to it, the first one in the method itself; none where that does it itself.</param>
internal sealed record ReachedEffect(
    string RuleId, SyntaxNode Syntax, Location? Words, string Word, string Reason, bool IsCertain, ImmutableArray<CallSite> Path)
{
    /// <summary>Whether it is unfit for a read for sure; the rest is unknown, or a database routine.</summary>
    public bool IsWrite => RuleId is not (RuleIds.UnknownSql or RuleIds.CallsRoutine or RuleIds.TracksChange);

    /// <summary>Whether only the caller can run it: it is the text of a command that the method returns.</summary>
    public bool IsOfReturned { get; init; }

    public ReachedEffect Through(CallSite call) => this with { Path = Path.Insert(0, call), IsOfReturned = IsOfReturned && call.IsReturned };
}
