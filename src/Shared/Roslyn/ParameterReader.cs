using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>Reads the parameters of the shim, and judges them.</summary>
internal static class ParameterReader
{
    /// <param name="reading">The method.</param>
    /// <param name="form">How it becomes a shim.</param>
    /// <param name="returns">What the shim returns.</param>
    /// <param name="source">What it opens its connection from.</param>
    /// <param name="isModeled">Whether the parameters are wanted, and not only what is wrong with them.</param>
    public static EquatableArray<RoutedParameter> Read(SignatureReading reading, RoutedForm form, ReturnShape returns, SourceChoice source, bool isModeled)
    {
        var method = reading.Method;
        var parameters = new List<RoutedParameter>(isModeled ? method.Parameters.Length : 0);
        var hasToken = false;
        for (var i = form == RoutedForm.Overload ? 1 : 0; i < method.Parameters.Length; i++)
        {
            var parameter = method.Parameters[i];
            var isToken = reading.Known.IsCancellationToken(parameter.Type);
            if (WhyUnsupported(parameter, reading.Known, returns, source, isToken && hasToken) is { } reason)
                Break(reading, parameter, reason);
            hasToken |= isToken;

            // The implementing half of a partial method repeats no defaults.
            var value = form == RoutedForm.Overload ? DefaultValues.Render(parameter, reading.Known) : "";
            if (value is null)
                Break(reading, parameter, $"C# has no literal for the default value of its parameter '{parameter.Name}'; make it required");
            if (!isModeled)
                continue;
            parameters.Add(new RoutedParameter(
                Identifiers.Escape(parameter.Name),
                reading.Known.Facts(parameter.Type).Name,
                Prefix(parameter, form, returns, isToken, reading.Known),
                value ?? "",
                isToken,
                form == RoutedForm.Statement && !isToken ? TypeRefs.Read(parameter.Type, reading.Known) : null));
        }

        return parameters;
    }

    /// <summary>The parameters of a half that throws, whatever they are.</summary>
    public static EquatableArray<RoutedParameter> ReadRefused(SignatureReading reading)
    {
        var parameters = new List<RoutedParameter>();
        foreach (var parameter in reading.Method.Parameters)
        {
            parameters.Add(new RoutedParameter(
                Identifiers.Escape(parameter.Name),
                reading.Known.Facts(parameter.Type).Name,
                Modifiers(parameter),
                "",
                reading.Known.IsCancellationToken(parameter.Type),
                null));
        }

        return parameters;
    }

    public static bool HasEnumeratorCancellation(IParameterSymbol parameter, KnownSymbols known)
    {
        foreach (var attribute in parameter.GetAttributes())
        {
            if (KnownSymbols.Is(attribute.AttributeClass, known.EnumeratorCancellation))
                return true;
        }

        return false;
    }

    private static string? WhyUnsupported(IParameterSymbol parameter, KnownSymbols known, ReturnShape returns, SourceChoice source, bool isSecondToken)
    {
        if (parameter.RefKind != RefKind.None)
            return $"its parameter '{parameter.Name}' is passed by reference; take the value and return what the caller needs";
        if (known.Facts(parameter.Type).HasPointer)
            return $"its parameter '{parameter.Name}' is a pointer; take an array or Memory<T>";
        if (returns.IsAsync && parameter.Type.IsRefLikeType)
            return $"its parameter '{parameter.Name}' is a ref struct, which can't live through an await; take an array or Memory<T>";
        if (isSecondToken)
            return $"its parameter '{parameter.Name}' is a second cancellation token; keep one";
        return parameter.Name == source.ParameterName
            ? $"its parameter '{parameter.Name}' hides the data source, a primary-constructor parameter of that name; rename it"
            : null;
    }

    private static void Break(SignatureReading reading, IParameterSymbol parameter, string reason) =>
        reading.Break(RuleIds.UnsupportedSignature, parameter.Locations.FirstOrDefault(), reason);

    private static string Prefix(IParameterSymbol parameter, RoutedForm form, ReturnShape returns, bool isToken, KnownSymbols known)
    {
        var prefix = "";
        if (isToken && returns.Kind == ReturnKind.AsyncEnumerable && (form == RoutedForm.Overload || !HasEnumeratorCancellation(parameter, known)))
            prefix = "[global::System.Runtime.CompilerServices.EnumeratorCancellation] ";
        if (form == RoutedForm.Overload)
            prefix += CallerInfo(parameter) + string.Concat(SharedAttributes.Render(parameter, known).Select(static a => a + " "));
        return prefix + (form == RoutedForm.Overload ? ValueModifiers(parameter) : Modifiers(parameter));
    }

    private static string Modifiers(IParameterSymbol parameter)
    {
        var @this = parameter.Ordinal == 0 && ((IMethodSymbol)parameter.ContainingSymbol).IsExtensionMethod ? "this " : "";
        return @this + ValueModifiers(parameter) + parameter.RefKind switch
        {
            RefKind.Ref => "ref ",
            RefKind.Out => "out ",
            RefKind.In => "in ",
            RefKind.RefReadOnlyParameter => "ref readonly ",
            _ => "",
        };
    }

    // An out parameter and a collection are scoped by themselves.
    private static string ValueModifiers(IParameterSymbol parameter) =>
        parameter.IsParams ? "params "
        : parameter.ScopedKind == ScopedKind.None || parameter.RefKind == RefKind.Out ? ""
        : "scoped ";

    // Without them the overload would pass its own defaults where the core would have got its caller's.
    private static string CallerInfo(IParameterSymbol parameter)
    {
        if (!parameter.HasExplicitDefaultValue)
            return "";
        foreach (var attribute in parameter.GetAttributes())
        {
            if (attribute.AttributeClass is not { Name: var name, ContainingNamespace: { Name: "CompilerServices", ContainingNamespace.Name: "Runtime" } })
                continue;
            switch (name)
            {
                case "CallerMemberNameAttribute" or "CallerFilePathAttribute" or "CallerLineNumberAttribute":
                    return $"[global::System.Runtime.CompilerServices.{name}] ";
                case "CallerArgumentExpressionAttribute" when attribute.ConstructorArguments.FirstOrDefault().Value is string argument:
                    var names = ((IMethodSymbol)parameter.ContainingSymbol).Parameters;
                    return names[0].Name == argument ? "" : $"[global::System.Runtime.CompilerServices.{name}(\"{argument}\")] ";
            }
        }

        return "";
    }
}
