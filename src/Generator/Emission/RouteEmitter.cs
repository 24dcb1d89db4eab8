using System.Globalization;
using System.Text;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Generator.Emission;

/// <summary>Writes the static fields that hold the routes.</summary>
internal static class RouteEmitter
{
    /// <summary>The name of a route, by which users meet it.</summary>
    public static string Name(RoutedMethod method) => $"{method.Type.DisplayName}.{method.Name.TrimStart('@')}";

    public static string Field(RoutedMethod method, string name)
    {
        var route = method.Route;
        var arguments = new StringBuilder(Literal(Name(method)));
        if (route.HasConsistency)
            arguments.Append($", consistency: (global::CompileTimeRouting.ReadConsistency)({Number(route.Consistency)})");
        if (!route.MaxLagSeconds.Equals(0.0))
            arguments.Append($", maxLagSeconds: {DefaultValues.Literal(route.MaxLagSeconds)}");
        if (route.Group is { } group)
            arguments.Append($", group: {Literal(group)}");
        if (!route.Retry)
            arguments.Append(", retry: false");
        if (route.Overload != 0)
            arguments.Append($", overload: (global::CompileTimeRouting.OverloadPolicy)({Number(route.Overload)})");
        if (route.IsolationLevel != RouteModel.UnspecifiedIsolation)
            arguments.Append($", isolationLevel: (global::System.Data.IsolationLevel)({Number(route.IsolationLevel)})");
        if (route.SerializationRetries > 0)
            arguments.Append($", serializationRetries: {Number(route.SerializationRetries)}");
        if (!route.Transaction && method.Statement is { Body.LeavesSessionClean: true })
            arguments.Append(", leavesSessionClean: true");

        // A command scope is one in any case.
        if (route is { IsOneTransaction: true, Transaction: false } && method.Statement is not null)
            arguments.Append(", isOneTransaction: true");
        var type = route.IsRead ? "ReadRoute" : "WriteRoute";
        return $"private static readonly global::CompileTimeRouting.{type} {name} = new({arguments});";
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
