using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Roslyn;

/// <summary>Constants as source text.</summary>
internal static class DefaultValues
{
    /// <summary><c> = value</c>, or nothing; null where C# has no literal for the default value.</summary>
    public static string? Render(IParameterSymbol parameter, KnownSymbols known)
    {
        if (!parameter.HasExplicitDefaultValue)
            return parameter.IsOptional ? null : "";
        var type = parameter.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : parameter.Type;
        return parameter.ExplicitDefaultValue switch
        {
            null => " = default",
            DateTime => null,
            var value when type.TypeKind == TypeKind.Enum =>
                $" = ({known.Facts(type).Name})({Convert.ToString(value, CultureInfo.InvariantCulture)})",
            var value => Literal(value) is { } literal ? " = " + literal : null,
        };
    }

    /// <summary>A double as source text.</summary>
    public static string Literal(double value) =>
        double.IsNaN(value) ? "double.NaN"
        : double.IsPositiveInfinity(value) ? "double.PositiveInfinity"
        : double.IsNegativeInfinity(value) ? "double.NegativeInfinity"
        : value.ToString("R", CultureInfo.InvariantCulture) + "D";

    private static string? Literal(object value) => value switch
    {
        double number => Literal(number),
        float number when float.IsNaN(number) => "float.NaN",
        float number when float.IsInfinity(number) => number > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity",
        float number => number.ToString("R", CultureInfo.InvariantCulture) + "F",
        decimal number => number.ToString(CultureInfo.InvariantCulture) + "M",
        bool truth => truth ? "true" : "false",
        string text => SymbolDisplay.FormatLiteral(text, quote: true),
        char character => SymbolDisplay.FormatLiteral(character, quote: true),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };
}
