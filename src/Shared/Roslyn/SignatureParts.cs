using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Roslyn;

/// <summary>The parts of a signature that a shim repeats.</summary>
internal static class SignatureParts
{
    /// <summary>The modifiers of an implementing half, without async and partial, each followed by a space.</summary>
    public static string Modifiers(SignatureReading reading)
    {
        var modifiers = "";
        foreach (var modifier in reading.Declaration.Modifiers)
        {
            if (!modifier.IsKind(SyntaxKind.PartialKeyword) && !modifier.IsKind(SyntaxKind.AsyncKeyword))
                modifiers += modifier.ValueText + " ";
        }

        return modifiers;
    }

    /// <summary>The constraint clauses, each preceded by a space, or nothing.</summary>
    public static string Constraints(SignatureReading reading)
    {
        if (!reading.Method.IsGenericMethod)
            return "";

        // An override inherits its constraints and may repeat no more than it was declared with.
        return reading.Method.IsOverride && reading.Method.IsPartialDefinition
            ? string.Concat(reading.Declaration.ConstraintClauses.Select(static c => " " + c.WithoutTrivia()))
            : TypeParameterLists.RenderConstraints(reading.Method, reading.Declaration.ConstraintClauses, reading.Known);
    }

    /// <summary>Whether the compiler can't bind it: it has said so, and would only say it again of a shim.</summary>
    public static bool HasErrors(SignatureReading reading)
    {
        var (method, known) = (reading.Method, reading.Known);
        if (known.Facts(method.ReturnType).HasError || LacksAccessibility(reading))
            return true;
        foreach (var parameter in method.Parameters)
        {
            if (known.Facts(parameter.Type).HasError || parameter.Name.Length == 0 || IsDuplicate(parameter))
                return true;
        }

        foreach (var parameter in method.TypeParameters)
        {
            foreach (var type in parameter.ConstraintTypes)
            {
                if (known.Facts(type).HasError)
                    return true;
            }
        }

        return method.Name.Length == 0;
    }

    /// <summary>Whether it was written with nullable annotations disabled.</summary>
    public static bool IsOblivious(SignatureReading reading)
    {
        var (method, known) = (reading.Method, reading.Known);
        var facts = known.Facts(method.ReturnType);
        var (oblivious, annotated) = (facts.HasOblivious, facts.HasAnnotation);
        foreach (var parameter in method.Parameters)
        {
            facts = known.Facts(parameter.Type);
            oblivious |= facts.HasOblivious;
            annotated |= facts.HasAnnotation;
        }

        return oblivious && !annotated;
    }

    /// <summary>The diagnostics that the experimental types of the signature, and its core, cause.</summary>
    public static EquatableArray<string> ExperimentalIds(SignatureReading reading, IMethodSymbol? core)
    {
        List<string>? ids = null;
        Add(reading.Known.Facts(reading.Method.ReturnType).ExperimentalIds);
        foreach (var parameter in reading.Method.Parameters)
            Add(reading.Known.Facts(parameter.Type).ExperimentalIds);
        if (core is not null)
            Add(TypeFacts.ExperimentalIdsOf(core, reading.Known));
        return ids is null ? EquatableArray<string>.Empty : ids.Distinct().OrderBy(static id => id, StringComparer.Ordinal).ToArray();

        void Add(IReadOnlyList<string> found)
        {
            if (found.Count > 0)
                (ids ??= []).AddRange(found);
        }
    }

    private static bool IsDuplicate(IParameterSymbol parameter)
    {
        var parameters = ((IMethodSymbol)parameter.ContainingSymbol).Parameters;
        for (var i = 0; i < parameter.Ordinal; i++)
        {
            if (parameters[i].Name == parameter.Name)
                return true;
        }

        return false;
    }

    // A partial method with a result, an out parameter or one of these modifiers must say it; without, both halves are errors.
    private static bool LacksAccessibility(SignatureReading reading)
    {
        var (method, modifiers) = (reading.Method, reading.Declaration.Modifiers);
        return method.IsPartialDefinition &&
            !modifiers.Any(static m => m.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.PrivateKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.InternalKeyword) &&
            (!method.ReturnsVoid || method.Parameters.Any(static p => p.RefKind == RefKind.Out) ||
                modifiers.Any(static m => m.Kind() is SyntaxKind.VirtualKeyword or SyntaxKind.OverrideKeyword or SyntaxKind.SealedKeyword or SyntaxKind.NewKeyword));
    }
}
