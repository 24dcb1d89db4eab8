using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn;

/// <summary>
/// Makes the model of a half that throws, for a partial method that breaks a rule. Without a second half the compiler would
/// stop at the declaration, before any analyzer has said which rule it is.
/// </summary>
internal static class Refusal
{
    /// <summary>The method that was to have a shim, refused for a rule.</summary>
    public static RoutedMethod Of(RoutedMethod method, string rule) => method with
    {
        Return = method.Return.Kind == ReturnKind.AsyncEnumerable ? method.Return : method.Return with { Kind = ReturnKind.Value },
        Core = null,
        Statement = null,
        RefusedBy = rule,
        Source = "",
        Unread = new[] { method.Source },
    };

    /// <summary>A method that can have no shim; null where it needs no second half, or none can be written.</summary>
    public static RoutedMethod? Read(SignatureReading reading, AttributeData attribute, bool isRead)
    {
        var (method, known) = (reading.Method, reading.Known);
        if (reading.BlockedBy is not { } rule || !LacksHalf(method) || !HasPlace(reading))
            return null;
        var type = known.ContainingType(method.ContainingType);
        if (type.HasError || SignatureParts.HasErrors(reading) || IsDeclaredTwice(method) || (IsUnsafe(reading) && !AllowsUnsafe(known)))
            return null;

        return new RoutedMethod(
            type.Model,
            attribute.ConstructorArguments.IsEmpty ? RoutedForm.Declared : RoutedForm.Statement,
            RouteReader.Read(attribute, isRead, method),
            Identifiers.Escape(method.Name),
            SignatureParts.Modifiers(reading),
            TypeParameterLists.Render(method.TypeParameters),
            SignatureParts.Constraints(reading),
            ParameterReader.ReadRefused(reading),
            ReadReturn(reading),
            "",
            null,
            null,
            null,
            SignatureParts.IsOblivious(reading),
            SignatureParts.ExperimentalIds(reading, null),
            rule)
        {
            Unread = Sources(method, type, known),
        };
    }

    // Which of the two it would have been isn't known where the core is what is wrong.
    private static string[] Sources(IMethodSymbol method, ContainingTypeFacts type, KnownSymbols known)
    {
        var connections = Sources(method, type.Source(staticOnly: method.IsStatic));
        return known.DbContext is { } any ? [.. connections, .. Sources(method, type.Source(staticOnly: method.IsStatic, any))] : [.. connections];
    }

    private static IEnumerable<string> Sources(IMethodSymbol method, SourceChoice source)
    {
        if (source.Expression is { } expression)
            return method.Parameters.Any(p => p.Name == source.ParameterName) ? [] : [expression];
        return source.AreParameters ? source.Candidates.Where(name => method.Parameters.All(p => p.Name != name)).Select(Identifiers.Escape) : [];
    }

    private static bool LacksHalf(IMethodSymbol method) =>
        method is { IsPartialDefinition: true, IsAbstract: false, IsVararg: false } &&
        (method.PartialImplementationPart is not { } part || GeneratedMembers.IsGenerated(part));

    // The half stands in another part of the type, in another file.
    private static bool HasPlace(SignatureReading reading)
    {
        for (var type = reading.Method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal)
                return false;
        }

        for (var node = reading.Declaration.Parent; node is TypeDeclarationSyntax type; node = node.Parent)
        {
            if (!type.Modifiers.Any(SyntaxKind.PartialKeyword))
                return false;
        }

        return true;
    }

    // An error of its own, and each half would be one more.
    private static bool IsDeclaredTwice(IMethodSymbol method) => method.ContainingType.GetMembers(method.Name).Any(member =>
        member is IMethodSymbol other && !SymbolEqualityComparer.Default.Equals(other, method) && other.Arity == method.Arity &&
        SignatureComparer.SameTypes(other.Parameters, 0, method.Parameters, 0) &&
        other.Parameters.Zip(method.Parameters, static (a, b) => (a.RefKind == RefKind.None) == (b.RefKind == RefKind.None)).All(static same => same));

    private static bool IsUnsafe(SignatureReading reading)
    {
        var (method, known) = (reading.Method, reading.Known);
        return reading.Declaration.Modifiers.Any(SyntaxKind.UnsafeKeyword) || known.Facts(method.ReturnType).HasPointer ||
            method.Parameters.Any(p => known.Facts(p.Type).HasPointer) ||
            method.TypeParameters.Any(p => p.ConstraintTypes.Any(c => known.Facts(c).HasPointer));
    }

    private static bool AllowsUnsafe(KnownSymbols known) => known.Compilation.Options is CSharpCompilationOptions { AllowUnsafe: true };

    private static ReturnShape ReadReturn(SignatureReading reading)
    {
        var method = reading.Method;
        var reference = method.ReturnsByRef ? "ref " : method.ReturnsByRefReadonly ? "ref readonly " : "";
        var kind = IsStream(reading) ? ReturnKind.AsyncEnumerable : method.ReturnsVoid ? ReturnKind.Void : ReturnKind.Value;
        return new ReturnShape(kind, reference + reading.Known.Facts(method.ReturnType).Name, null);
    }

    // A token marked for the enumerator is a warning where the method isn't an async iterator.
    private static bool IsStream(SignatureReading reading)
    {
        var (method, known) = (reading.Method, reading.Known);
        return KnownSymbols.Is(method.ReturnType.OriginalDefinition, known.AsyncEnumerable) &&
            method.Parameters.Any(p => ParameterReader.HasEnumeratorCancellation(p, known)) &&
            method.Parameters.All(static p => p.RefKind == RefKind.None && !p.Type.IsRefLikeType) &&
            !method.ReturnsByRef && !method.ReturnsByRefReadonly && !IsUnsafe(reading) &&
            !TypeParameterLists.AllowRefStruct(reading.Declaration.ConstraintClauses);
    }
}
