using System.Collections.Immutable;
using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>Finds the method of the same name that takes the connection first, for a partial method without SQL.</summary>
internal static class CoreFinder
{
    /// <summary>What was found: the core, or the rule that is broken with the clause that explains it.</summary>
    internal readonly record struct Result(IMethodSymbol? Core, string? RuleId, string? Reason, ITypeSymbol? DbContext);

    public static Result Find(IMethodSymbol shim, KnownSymbols known)
    {
        var nearer = new List<IMethodSymbol>();
        string? mismatch = null;
        ITypeSymbol? dbContext = null;
        for (var level = shim.ContainingType; level is not null && level.SpecialType == SpecialType.None; level = level.BaseType)
        {
            var matches = new List<IMethodSymbol>();
            foreach (var member in level.GetMembers(shim.Name))
            {
                if (member is not IMethodSymbol { MethodKind: MethodKind.Ordinary } candidate || IsShimItself(candidate, shim) ||
                    GeneratedMembers.IsGenerated(candidate) || !known.Compilation.IsSymbolAccessibleWithin(candidate, shim.ContainingType))
                {
                    continue;
                }

                if (candidate.Parameters.IsEmpty || !known.IsConnection(candidate.Parameters[0].Type))
                {
                    if (!candidate.Parameters.IsEmpty && known.IsDbContext(candidate.Parameters[0].Type))
                        dbContext ??= candidate.Parameters[0].Type;
                    nearer.Add(candidate);
                    continue;
                }

                if (WhyNoMatch(shim, candidate, known) is { } reason)
                {
                    mismatch ??= reason;
                    nearer.Add(candidate);
                }
                else
                {
                    matches.Add(candidate);
                }
            }

            if (matches.Count > 1 && matches.FindAll(m => SignatureComparer.SameTypes(shim.Parameters, 0, m.Parameters, 1)) is { Count: 1 } exact)
                matches = exact;
            if (matches.Count > 1)
                return Mismatch($"{matches.Count} methods named '{shim.Name}' take the connection first and have the shim's parameters; keep one");
            if (matches.Count == 1)
                return Bound(shim, matches[0], nearer, known);
        }

        if (mismatch is not null)
            return Mismatch(mismatch);
        return dbContext is not null
            ? new Result(null, RuleIds.NoSource, null, dbContext)
            : Mismatch($"no method named '{shim.Name}' takes the connection first; write '{Expected(shim)}'");
    }

    /// <summary>How the shim calls the core that was found.</summary>
    public static CoreCall Call(IMethodSymbol shim, IMethodSymbol core, KnownSymbols known)
    {
        var arguments = new List<string>();
        var shimToken = CancellationToken(shim.Parameters, 0, known);
        var coreToken = CancellationToken(core.Parameters, 1, known);
        var next = 0;
        foreach (var parameter in core.Parameters.Skip(1))
        {
            if (SymbolEqualityComparer.Default.Equals(parameter, coreToken))
            {
                arguments.Add(shimToken is null ? "default(global::System.Threading.CancellationToken)" : Identifiers.Escape(shimToken.Name));
                continue;
            }

            if (SymbolEqualityComparer.Default.Equals(shim.Parameters[next], shimToken))
                next++;
            arguments.Add(Argument(shim.Parameters[next++]));
        }

        return new CoreCall(Target(shim, core, known), KnownSymbols.Is(core.Parameters[0].Type, known.DbConnection), arguments);
    }

    /// <summary>An argument that is bound at compile time, even where its type is <c>dynamic</c>.</summary>
    public static string Argument(IParameterSymbol parameter) => parameter.Type.TypeKind == TypeKind.Dynamic
        ? $"(object){Identifiers.Escape(parameter.Name)}"
        : Identifiers.Escape(parameter.Name);

    /// <summary>What stands before the argument list.</summary>
    public static string Target(IMethodSymbol shim, IMethodSymbol core, KnownSymbols known)
    {
        var name = Identifiers.Escape(core.Name) + TypeParameterLists.Render(shim.TypeParameters);
        if (!core.IsStatic)
            return "this." + name;
        var isOwn = SymbolEqualityComparer.Default.Equals(core.ContainingType, shim.ContainingType);
        return isOwn && !shim.Parameters.Any(p => p.Name == core.Name) ? name : $"{known.Facts(core.ContainingType).Name}.{name}";
    }

    private static bool IsShimItself(IMethodSymbol candidate, IMethodSymbol shim) =>
        SymbolEqualityComparer.Default.Equals(candidate, shim) || SymbolEqualityComparer.Default.Equals(candidate.PartialDefinitionPart, shim);

    // C# looks for overloads in the nearest class first: one there that fits by conversion would be called instead.
    private static Result Bound(IMethodSymbol shim, IMethodSymbol core, List<IMethodSymbol> nearer, KnownSymbols known)
    {
        if (!core.IsStatic && !SymbolEqualityComparer.Default.Equals(core.ContainingType, shim.ContainingType) &&
            nearer.Find(n => CouldBeCalled(n, core, known)) is { } rival)
        {
            return Mismatch(
                $"'{rival.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}' would be called instead of " +
                $"'{core.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}'; rename one of them");
        }

        return new Result(core, null, null, null);
    }

    private static bool CouldBeCalled(IMethodSymbol rival, IMethodSymbol core, KnownSymbols known)
    {
        if (rival.Arity != core.Arity || rival.Parameters.Length < core.Parameters.Length)
            return false;
        for (var i = 0; i < rival.Parameters.Length; i++)
        {
            var fits = i < core.Parameters.Length
                ? rival.IsGenericMethod || known.Compilation.HasImplicitConversion(core.Parameters[i].Type, rival.Parameters[i].Type)
                : rival.Parameters[i].IsOptional || rival.Parameters[i].IsParams;
            if (!fits)
                return false;
        }

        return true;
    }

    private static string? WhyNoMatch(IMethodSymbol shim, IMethodSymbol core, KnownSymbols known)
    {
        var name = core.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
        if (core.Parameters.Any(static p => p.RefKind != RefKind.None) || core.ReturnsByRef || core.ReturnsByRefReadonly)
            return $"'{name}' has a ref, out or in parameter or result";
        if (shim.IsStatic && !core.IsStatic)
            return $"'{name}' is an instance method, and '{shim.Name}' is static";
        if (core.IsAsync && core.ReturnsVoid)
            return $"'{name}' is async void: its end can't be awaited";
        if (core.Arity != shim.Arity || !SameParameters(shim, core, known) || !SignatureComparer.SameType(shim.ReturnType, core.ReturnType))
            return $"'{name}' doesn't match; write '{Expected(shim)}'";
        return SignatureComparer.ConstraintsAllow(shim, core) ? null : $"'{name}' has constraints that '{shim.Name}' doesn't have";
    }

    private static bool SameParameters(IMethodSymbol shim, IMethodSymbol core, KnownSymbols known)
    {
        var shimToken = CancellationToken(shim.Parameters, 0, known);
        var coreToken = CancellationToken(core.Parameters, 1, known);
        var count = shim.Parameters.Length - (shimToken is null ? 0 : 1);
        if (core.Parameters.Length - 1 - (coreToken is null ? 0 : 1) != count)
            return false;
        for (int i = 0, s = 0, c = 1; i < count; i++, s++, c++)
        {
            if (SymbolEqualityComparer.Default.Equals(shim.Parameters[s], shimToken))
                s++;
            if (SymbolEqualityComparer.Default.Equals(core.Parameters[c], coreToken))
                c++;
            if (!SignatureComparer.SameType(shim.Parameters[s].Type, core.Parameters[c].Type))
                return false;
        }

        return true;
    }

    private static IParameterSymbol? CancellationToken(ImmutableArray<IParameterSymbol> parameters, int from, KnownSymbols known)
    {
        for (var i = from; i < parameters.Length; i++)
        {
            if (known.IsCancellationToken(parameters[i].Type))
                return parameters[i];
        }

        return null;
    }

    private static Result Mismatch(string reason) => new(null, RuleIds.CoreMismatch, reason, null);

    private static string Expected(IMethodSymbol shim)
    {
        var parameters = string.Concat(shim.Parameters.Select(static p =>
            $", {p.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} {Identifiers.Escape(p.Name)}"));
        return $"private {(shim.IsStatic ? "static " : "")}{shim.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} " +
            $"{shim.Name}{TypeParameterLists.Render(shim.TypeParameters)}(NpgsqlConnection connection{parameters})";
    }
}
