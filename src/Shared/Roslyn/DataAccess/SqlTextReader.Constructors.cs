using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>What an object is given when it is created.</content>
internal sealed partial class SqlTextReader
{
    /// <summary>More places than that are no list of statements, but values.</summary>
    private const int MostCreations = 64;

    /// <summary>Fills the holes of constructor parameters in the text of a member: no caller on the way to it gave them.</summary>
    private SqlTexts WithGiven(SqlTexts texts, IOperation reference) =>
        texts.Bind(piece => piece.Symbol is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } constructor } parameter && !IsIn(constructor, reference)
            ? ReadGiven(parameter, constructor, reference)
            : null);

    // Objects of one type may hold statements of any kind: which one is at hand isn't known, unless they all begin alike.
    private SqlTexts? ReadGiven(IParameterSymbol parameter, IMethodSymbol constructor, IOperation reference)
    {
        if (_depth >= MaxDepth)
            return null;
        _depth++;
        try
        {
            var texts = Guarded(parameter, reference, () => Given(parameter, constructor).Aggregate(SqlTexts.None, (all, value) => all.Or(WithGiven(Read(value).WithoutGuards(), value))));
            return texts.Alternatives.Count > 0 && texts.Alternatives.Select(static t => FirstWord(t)).Distinct(StringComparer.OrdinalIgnoreCase).Take(2).Count() == 1 ? texts : null;
        }
        finally
        {
            _depth--;
        }
    }

    private IEnumerable<IOperation> Given(IParameterSymbol parameter, IMethodSymbol constructor)
    {
        var found = 0;
        foreach (var creation in _source.Creations(constructor.ContainingType.Name, _cancellationToken))
        {
            var (created, arguments) = _source.Operation(creation, _cancellationToken) switch
            {
                IObjectCreationOperation operation => (operation.Constructor, operation.Arguments),
                IInvocationOperation initializer => (initializer.TargetMethod, initializer.Arguments),
                _ => (null, ImmutableArray<IArgumentOperation>.Empty),
            };
            if (!SymbolEqualityComparer.Default.Equals(created?.OriginalDefinition, constructor.OriginalDefinition))
                continue;
            if (++found > MostCreations)
                yield break;
            foreach (var argument in arguments)
            {
                if (argument.Parameter?.Ordinal == parameter.Ordinal)
                    yield return argument.Value;
            }
        }
    }

    private static string FirstWord(SqlText text) => text.Rendered.TrimStart() is var words && words.IndexOfAny([' ', '\r', '\n', '\t', '(', ';']) is > 0 and var end ? words.Substring(0, end) : words;

    // The parameters of a primary constructor are those of the whole type.
    private bool IsIn(IMethodSymbol constructor, IOperation reference) => constructor.DeclaringSyntaxReferences.Any(r =>
        r.SyntaxTree == reference.Syntax.SyntaxTree && r.Span.Contains(reference.Syntax.Span) && r.GetSyntax(_cancellationToken) is ConstructorDeclarationSyntax);
}
