using System.Collections.Immutable;
using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>Finds the method of the same name that takes the connection or context first, for a partial method without SQL.</summary>
internal static class CoreFinder
{
    private const string Connection = "NpgsqlConnection connection";

    /// <summary>What was found: the core, or a clause that says why there is none.</summary>
    internal readonly record struct Result(IMethodSymbol? Core, string? Reason);

    /// <param name="shim">The method without a body.</param>
    /// <param name="known">The known symbols.</param>
    /// <param name="opened">What the class can open, as the message shows it.</param>
    public static Result Find(IMethodSymbol shim, KnownSymbols known, string opened = Connection)
    {
        var nearer = new List<IMethodSymbol>();
        string? mismatch = null;
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

                if (candidate.Parameters.IsEmpty || !known.IsOpened(candidate.Parameters[0].Type))
                {
                    nearer.Add(candidate);
                }
                else if (WhyNoMatch(shim, candidate, opened, known) is { } reason)
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
                return Mismatch($"{matches.Count} methods named '{shim.Name}' take the connection or context first and have the shim's parameters; keep one");
            if (matches.Count == 1)
                return Bound(shim, matches[0], nearer, known);
        }

        return Mismatch(mismatch ?? $"no method named '{shim.Name}' takes the {opened.Substring(opened.LastIndexOf(' ') + 1)} first; write '{Expected(shim, opened)}'");
    }

    /// <summary>How the shim calls the core that was found.</summary>
    /// <param name="shim">The method without a body.</param>
    /// <param name="core">The core.</param>
    /// <param name="source">What it is opened from.</param>
    /// <param name="known">The known symbols.</param>
    public static CoreCall Call(IMethodSymbol shim, IMethodSymbol core, SourceChoice source, KnownSymbols known)
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

        return Call(shim, core, source, arguments, known);
    }

    /// <summary>A call with these arguments after the first one.</summary>
    public static CoreCall Call(IMethodSymbol shim, IMethodSymbol core, SourceChoice source, IReadOnlyList<string> arguments, KnownSymbols known)
    {
        var taken = core.Parameters[0].Type;
        var context = known.ContextOf(source.Type!);
        var isSame = SymbolEqualityComparer.Default.Equals(taken, context ?? known.NpgsqlConnection);
        return new CoreCall(
            Target(shim, core, known),
            context is null ? "Connection" : "Context",
            isSame ? null : known.Facts(taken.WithNullableAnnotation(NullableAnnotation.NotAnnotated)).Name,
            arguments.ToArray());
    }

    /// <summary>The first parameter of a core, as a message shows it.</summary>
    /// <param name="context">The context class that it takes; null for a connection.</param>
    public static string Opened(ITypeSymbol? context) =>
        context is null ? Connection : $"{context.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} context";

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

        return new Result(core, null);
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

    private static string? WhyNoMatch(IMethodSymbol shim, IMethodSymbol core, string opened, KnownSymbols known)
    {
        var name = core.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
        if (core.Parameters.Any(static p => p.RefKind != RefKind.None) || core.ReturnsByRef || core.ReturnsByRefReadonly)
            return $"'{name}' has a ref, out or in parameter or result";
        if (shim.IsStatic && !core.IsStatic)
            return $"'{name}' is an instance method, and '{shim.Name}' is static";
        if (core.IsAsync && core.ReturnsVoid)
            return $"'{name}' is async void: its end can't be awaited";
        if (core.Arity != shim.Arity || !SameParameters(shim, core, known) || !SignatureComparer.SameType(shim.ReturnType, core.ReturnType))
            return $"'{name}' doesn't match; write '{Expected(shim, known.IsDbContext(core.Parameters[0].Type) ? Opened(core.Parameters[0].Type) : opened)}'";
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

    private static Result Mismatch(string reason) => new(null, reason);

    private static string Expected(IMethodSymbol shim, string opened)
    {
        var parameters = string.Concat(shim.Parameters.Select(static p =>
            $", {p.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} {Identifiers.Escape(p.Name)}"));
        return $"private {(shim.IsStatic ? "static " : "")}{shim.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} " +
            $"{shim.Name}{TypeParameterLists.Render(shim.TypeParameters)}({opened}{parameters})";
    }
}
