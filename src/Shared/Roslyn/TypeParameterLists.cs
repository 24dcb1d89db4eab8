using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn;

/// <summary>Type parameters and their constraints as source text.</summary>
internal static class TypeParameterLists
{
    /// <summary><c>&lt;T, U&gt;</c>, with the variance of an interface, or nothing.</summary>
    public static string Render(ImmutableArray<ITypeParameterSymbol> parameters)
    {
        if (parameters.IsEmpty)
            return "";
        var text = new StringBuilder("<");
        foreach (var parameter in parameters)
        {
            if (text.Length > 1)
                text.Append(", ");
            text.Append(parameter.Variance switch { VarianceKind.In => "in ", VarianceKind.Out => "out ", _ => "" }).Append(Identifiers.Escape(parameter.Name));
        }

        return text.Append('>').ToString();
    }

    /// <summary>The constraint clauses of a method, each preceded by a space, or nothing.</summary>
    public static string RenderConstraints(IMethodSymbol method, SyntaxList<TypeParameterConstraintClauseSyntax> clauses, KnownSymbols known)
    {
        var text = "";
        foreach (var parameter in method.TypeParameters)
        {
            var constraints = Constraints(parameter, known);
            if (clauses.Any(c => c.Name.Identifier.ValueText == parameter.Name && AllowsRefStruct(c)))
                constraints.Add("allows ref struct");
            if (constraints.Count > 0)
                text += $" where {Identifiers.Escape(parameter.Name)} : {string.Join(", ", constraints)}";
        }

        return text;
    }

    /// <summary>Whether a clause holds <c>allows ref struct</c>, which this version of Roslyn's API has no name for.</summary>
    public static bool AllowRefStruct(SyntaxList<TypeParameterConstraintClauseSyntax> clauses)
    {
        foreach (var clause in clauses)
        {
            if (AllowsRefStruct(clause))
                return true;
        }

        return false;
    }

    private static bool AllowsRefStruct(TypeParameterConstraintClauseSyntax clause)
    {
        foreach (var constraint in clause.Constraints)
        {
            if (constraint is not (TypeConstraintSyntax or ClassOrStructConstraintSyntax or ConstructorConstraintSyntax or DefaultConstraintSyntax))
                return true;
        }

        return false;
    }

    private static List<string> Constraints(ITypeParameterSymbol parameter, KnownSymbols known)
    {
        var constraints = new List<string>();
        if (parameter.HasUnmanagedTypeConstraint)
            constraints.Add("unmanaged");
        else if (parameter.HasValueTypeConstraint)
            constraints.Add("struct");
        else if (parameter.HasReferenceTypeConstraint)
            constraints.Add(parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class");
        else if (parameter.HasNotNullConstraint)
            constraints.Add("notnull");
        for (var i = 0; i < parameter.ConstraintTypes.Length; i++)
            constraints.Add(known.Facts(parameter.ConstraintTypes[i].WithNullableAnnotation(parameter.ConstraintNullableAnnotations[i])).Name);
        if (parameter.HasConstructorConstraint)
            constraints.Add("new()");
        return constraints;
    }
}
