using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>
/// Reads a routed method and judges all of it, its SQL included. For the analyzer: the generator reads the method first and
/// its SQL in a step of its own.
/// </summary>
internal static class StatementJudge
{
    /// <inheritdoc cref="RoutedMethodReader.Judge(IMethodSymbol, KnownSymbols, CancellationToken)"/>
    public static RoutedMethodReading Read(IMethodSymbol symbol, KnownSymbols known, CancellationToken cancellationToken)
    {
        var read = RoutedMethodReader.Judge(symbol, known, cancellationToken);
        if (read.Model is not { Statement: { } statement } model)
            return read;

        var reading = StatementReader.Read(model, statement);
        if (reading.Problems.Count == 0)
            return read;
        var method = symbol.PartialDefinitionPart ?? symbol;
        var violations = read.Violations.ToBuilder();
        foreach (var problem in reading.Problems)
        {
            var location = LocationOf(problem, method, known, cancellationToken) ?? method.Locations.FirstOrDefault() ?? Location.None;
            violations.Add(new RoutingViolation(problem.RuleId, location, ImmutableArray.Create(method.Name).AddRange(problem.Arguments)));
        }

        return new RoutedMethodReading(reading.BlockedBy is { } rule ? Refusal.Of(model, rule) : model, violations.ToImmutable());
    }

    private static Location? LocationOf(in StatementProblem problem, IMethodSymbol method, KnownSymbols known, CancellationToken cancellationToken)
    {
        switch (problem.Place)
        {
            case StatementPlace.Parameter:
                // The shim has the parameters of the method.
                return method.Parameters[problem.Start].Locations.FirstOrDefault();
            case StatementPlace.Sql:
                return Argument(method, known, cancellationToken) is { } argument
                    ? SqlLocation.Find(argument, problem.Start, problem.Length)
                    : null;
            default:
                return (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) as MethodDeclarationSyntax)?.ReturnType.GetLocation();
        }
    }

    private static ExpressionSyntax? Argument(IMethodSymbol method, KnownSymbols known, CancellationToken cancellationToken)
    {
        foreach (var attribute in method.GetAttributes())
        {
            if (!KnownSymbols.Is(attribute.AttributeClass, known.ReadQuery) && !KnownSymbols.Is(attribute.AttributeClass, known.WriteCommand))
                continue;
            return AttributeSql.Argument(attribute, cancellationToken);
        }

        return null;
    }
}
