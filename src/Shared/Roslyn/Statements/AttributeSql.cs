using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>The SQL in a routing attribute.</summary>
internal static class AttributeSql
{
    /// <summary>Its value; null where the attribute has none.</summary>
    public static string? Value(AttributeData attribute)
        => attribute.ConstructorArguments is { Length: 1 } arguments && arguments[0] is { Kind: TypedConstantKind.Primitive, Value: string sql } ? sql : null;

    /// <summary>The argument as it is written.</summary>
    public static ExpressionSyntax? Argument(AttributeData attribute, CancellationToken cancellationToken)
    {
        var syntax = attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken) as AttributeSyntax;
        return syntax?.ArgumentList?.Arguments.FirstOrDefault(static a => a.NameEquals is null)?.Expression;
    }
}
