using System.Globalization;
using CompileTimeRouting.Roslyn.Models;
using CompileTimeRouting.Sql;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn;

/// <summary>Reads a routing attribute, and judges its values.</summary>
internal static class RouteReader
{
    // The numbers of the runtime's and System.Data's enums, which are part of their API.
    private const int BoundedStaleness = 1;
    private const int Strong = 3;
    private const int Chaos = 16;

    public static RouteModel Read(AttributeData attribute, bool isRead, IMethodSymbol method)
    {
        var standard = isRead ? RoutingDefaults.Consistency(method.ContainingAssembly) : null;
        var route = new RouteModel(isRead, standard ?? 0, 0, null, true, 0, false, RouteModel.UnspecifiedIsolation, 0) { HasConsistency = standard is not null };
        foreach (var argument in attribute.NamedArguments)
        {
            route = (argument.Key, argument.Value.Value) switch
            {
                ("Consistency", int value) => route with { Consistency = value, HasConsistency = true },
                ("MaxLagSeconds", double value) => route with { MaxLagSeconds = value },
                ("Group", string value) => route with { Group = value },
                ("Retry", bool value) => route with { Retry = value },
                ("Overload", int value) => route with { Overload = value },
                ("Transaction", bool value) => route with { Transaction = value },
                ("IsolationLevel", int value) => route with { IsolationLevel = value },
                ("SerializationRetries", int value) => route with { SerializationRetries = value },
                _ => route,
            };
        }

        return isRead ? route : route with { IsOneTransaction = route.Transaction || WhyNotOneTransaction(attribute) is null };
    }

    public static void Judge(RouteModel route, AttributeData attribute, SignatureReading reading)
    {
        // Most attributes say nothing of it: what they leave out is defined.
        if (route.Consistency != 0 && !IsDefined(reading.Known.ReadConsistency, route.Consistency))
            Add("Consistency", "no member of ReadConsistency has this value");
        if (!(route.MaxLagSeconds >= 0) || double.IsInfinity(route.MaxLagSeconds))
            Add("MaxLagSeconds", "the bound must be a positive number of seconds");
        else if (route.MaxLagSeconds > 0 && route.Consistency != BoundedStaleness)
            Add("MaxLagSeconds", "it bounds nothing without Consistency = ReadConsistency.BoundedStaleness");
        if (route.Group is { } group && string.IsNullOrWhiteSpace(group))
            Add("Group", "a replica group has a name; leave the property out for replicas without a group");
        else if (route.Group is not null && route.Consistency == Strong)
            Add("Group", "a strong read is answered by the primary, never by a replica");
        if (route.Overload != 0 && !IsDefined(reading.Known.OverloadPolicy, route.Overload))
            Add("Overload", "no member of OverloadPolicy has this value");
        if (route.IsolationLevel != RouteModel.UnspecifiedIsolation && !IsDefined(reading.Known.IsolationLevel, route.IsolationLevel))
            Add("IsolationLevel", "no member of IsolationLevel has this value");
        else if (route.IsolationLevel == Chaos)
            Add("IsolationLevel", "PostgreSQL has no isolation level Chaos");
        else if (route.IsolationLevel != RouteModel.UnspecifiedIsolation && !route.Transaction)
            Add("IsolationLevel", "it isolates nothing without Transaction = true");
        if (route.SerializationRetries < 0)
            Add("SerializationRetries", "the number of further tries must be 0 or more");
        else if (route.SerializationRetries > 0 && reading.Method.Parameters.FirstOrDefault(p => reading.Known.Facts(p.Type).IsOneShot) is { } oneShot)
            Add("SerializationRetries", $"the parameter '{oneShot.Name}' can be used once, so the call is never tried again");
        else if (route is { SerializationRetries: > 0, Transaction: false } && WhyNotOneTransaction(attribute) is { } why)
            Break(RuleIds.NotOneTransaction, "SerializationRetries", why);

        void Add(string property, string reason) => Break(RuleIds.AttributeValue, property, reason);

        void Break(string rule, string property, string reason)
        {
            var syntax = (attribute.ApplicationSyntaxReference?.GetSyntax(reading.CancellationToken) as AttributeSyntax)?.ArgumentList?.Arguments
                .FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == property);
            if (rule == RuleIds.AttributeValue)
                reading.Break(rule, syntax?.GetLocation(), syntax?.ToString() ?? property, reason);
            else
                reading.Break(rule, syntax?.GetLocation(), reason);
        }
    }

    // One statement is a transaction of its own, but a procedure or a block may commit on its way.
    private static string? WhyNotOneTransaction(AttributeData attribute)
    {
        if (attribute.ConstructorArguments.IsEmpty)
            return "its core may have committed a part by then";
        var sql = attribute.ConstructorArguments[0].Value as string ?? "";
        foreach (var token in new SqlLexer(sql))
        {
            if (!token.IsTrivia)
                return SqlKeywords.Find(sql, token.Start, token.Length) is SqlKeyword.Call or SqlKeyword.Do ? "its procedure or block may have committed a part by then" : null;
        }

        return null;
    }

    private static bool IsDefined(INamedTypeSymbol? type, int value)
    {
        if (type is null)
            return true;
        foreach (var member in type.GetMembers())
        {
            if (member is IFieldSymbol { HasConstantValue: true } field && Convert.ToInt64(field.ConstantValue, CultureInfo.InvariantCulture) == value)
                return true;
        }

        return false;
    }
}
