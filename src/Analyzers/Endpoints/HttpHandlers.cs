using System.Collections.Immutable;
using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Endpoints;

/// <summary>Which methods and lambdas answer requests that must not change anything: GET and HEAD, by the rules of ASP.NET Core.</summary>
internal static class HttpHandlers
{
    private const string AnyVerb = "any HTTP method, GET among them";

    /// <summary>Whether the compilation knows controllers, pages or minimal APIs.</summary>
    public static bool MayBeIn(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions") is not null ||
        compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.ControllerBase") is not null ||
        compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Mvc.RazorPages.PageModel") is not null;

    /// <summary>The safe methods that an action or page handler answers; null where it answers none, or is neither.</summary>
    public static string? SafeVerbs(IMethodSymbol method, ControllerTypes controllers)
    {
        if (method is not { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Public, IsStatic: false, IsAbstract: false, IsGenericMethod: false } ||
            method.ContainingType is not { TypeKind: TypeKind.Class } type)
        {
            return null;
        }

        if (ControllerTypes.Derives(type, "PageModel", "Microsoft.AspNetCore.Mvc.RazorPages"))
            return HasOfOverridden(method, "NonHandlerAttribute") ? null : OfPage(method.Name);
        if (!controllers.MayHaveActions(type) || HasOfOverridden(method, "NonActionAttribute") || IsOfObject(method) || OfAction(method) is not { } verbs)
            return null;
        return controllers.Have(method, isMarked: IsRouted(method)) ? verbs : null;
    }

    /// <summary>Whether a method that a controller or page has isn't marked for other HTTP methods alone.</summary>
    public static bool MayAnswerGet(IMethodSymbol method) => !HasOfOverridden(method, "NonActionAttribute") && OfAction(method) is not null;

    /// <summary>Whether a call may map a handler to a safe method, by its name.</summary>
    public static bool MayMap(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => IsMapping(access.Name.Identifier.ValueText),
        SimpleNameSyntax name => IsMapping(name.Identifier.ValueText),
        _ => false,
    };

    /// <summary>The safe methods that a call maps a handler to; null for none.</summary>
    public static string? MappedVerbs(IInvocationOperation call)
    {
        var method = call.TargetMethod.ReducedFrom ?? call.TargetMethod;
        if (!IsMapping(method.Name) || method.Parameters is not [{ Type.Name: "IEndpointRouteBuilder" }, ..])
            return null;
        if (method.Name is "Map" or "MapFallback")
            return method.ContainingType.Name is "EndpointRouteBuilderExtensions" or "FallbackEndpointRouteBuilderExtensions" ? AnyVerb : null;
        return method.Name == "MapGet" ? "GET" : Joined(call.Arguments.Where(static a => a.Parameter?.Name == "httpMethods").SelectMany(static a => Verbs(a.Value)));
    }

    /// <summary>The handler that an argument is, or that the variable holds which it is; null for another argument.</summary>
    public static IOperation? Delegate(IOperation value, SourceModel source) => BodyReader.Unwrap(value) switch
    {
        IDelegateCreationOperation creation => Delegate(creation.Target, source),
        IAnonymousFunctionOperation or IMethodReferenceOperation => BodyReader.Unwrap(value),
        ILocalReferenceOperation local when source.Index(local).Assignments(local.Local) is [{ IsAppended: false, Element: null } only] && only.Position < local.Syntax.SpanStart => Delegate(only.Value, source),
        _ => null,
    };

    /// <summary>What the handler of a call is called: by its route.</summary>
    public static string Name(IInvocationOperation call) =>
        call.Arguments.FirstOrDefault(static a => a.Parameter?.Name == "pattern")?.Value.ConstantValue is { HasValue: true, Value: string { Length: > 0 } route } ? route : call.TargetMethod.Name;

    private static bool IsMapping(string name) => name is "MapGet" or "MapMethods" or "Map" or "MapFallback";

    // OnGet, OnGetAsync, OnGetDetails: the word ends there.
    private static string? OfPage(string name) => IsFor(name, "OnGet") ? "GET" : IsFor(name, "OnHead") ? "HEAD" : null;

    private static bool IsFor(string name, string verb) =>
        name.StartsWith(verb, StringComparison.Ordinal) && (name.Length == verb.Length || char.IsUpper(name[verb.Length]));

    private static string? OfAction(IMethodSymbol method)
    {
        var isNamed = false;
        var verbs = new List<string>();
        foreach (var attribute in RouteAttributes(method))
        {
            if (VerbsOf(attribute) is not { } named)
                continue;
            isNamed = true;
            verbs.AddRange(named);
        }

        return isNamed ? Joined(verbs) : AnyVerb;
    }

    // [Route] names no method, but says that it is an action.
    private static bool IsRouted(IMethodSymbol method) => RouteAttributes(method).Any();

    // As ASP.NET Core looks for them: an override's own count, and where it has none those of the method that is overridden in the end.
    private static IEnumerable<AttributeData> RouteAttributes(IMethodSymbol method)
    {
        var own = method.GetAttributes().Where(IsOfRoute).ToList();
        return own.Count > 0 ? own : First(method).GetAttributes().Where(IsOfRoute);
    }

    private static bool IsOfRoute(AttributeData attribute) =>
        attribute.AttributeClass is { } type && type.AllInterfaces.Any(static i => i.Name is "IRouteTemplateProvider" or "IActionHttpMethodProvider");

    // Null for one that doesn't name any, as [Route]. What one names that derives from none of these isn't known, and counts as nothing.
    private static IEnumerable<string>? VerbsOf(AttributeData attribute)
    {
        for (var type = attribute.AttributeClass; type is not null; type = type.BaseType)
        {
            switch (type.Name)
            {
                case "HttpGetAttribute":
                    return ["GET"];
                case "HttpHeadAttribute":
                    return ["HEAD"];
                case "AcceptVerbsAttribute" when type.Equals(attribute.AttributeClass, SymbolEqualityComparer.Default):
                    return attribute.ConstructorArguments.SelectMany(static a => a.Kind == TypedConstantKind.Array ? a.Values : ImmutableArray.Create(a)).Select(static v => (v.Value as string ?? "").ToUpperInvariant());
                case "HttpPostAttribute" or "HttpPutAttribute" or "HttpDeleteAttribute" or "HttpPatchAttribute" or "HttpOptionsAttribute":
                    return [];
            }
        }

        return attribute.AttributeClass!.AllInterfaces.Any(static i => i.Name == "IActionHttpMethodProvider") ? [] : null;
    }

    private static string? Joined(IEnumerable<string> verbs)
    {
        var safe = verbs.Where(static v => v is "GET" or "HEAD").Distinct().OrderBy(static v => v, StringComparer.Ordinal).ToList();
        return safe.Count == 0 ? null : string.Join(" and ", safe);
    }

    // "GET", or HttpMethods.Get.
    private static IEnumerable<string> Verbs(IOperation value)
    {
        foreach (var part in value.Descendants().Prepend(value))
        {
            if (part.ConstantValue is { HasValue: true, Value: string text })
                yield return text.ToUpperInvariant();
            else if (part is IMemberReferenceOperation { Member: { Name: var name, ContainingType.Name: "HttpMethods" } })
                yield return name.ToUpperInvariant();
        }
    }

    private static bool IsOfObject(IMethodSymbol method) =>
        First(method).ContainingType.SpecialType == SpecialType.System_Object || method.Name is "Dispose" or "DisposeAsync";

    // The virtual method that all overrides go back to.
    private static IMethodSymbol First(IMethodSymbol method)
    {
        while (method.OverriddenMethod is { } overridden)
            method = overridden;
        return method;
    }

    private static bool HasOfOverridden(IMethodSymbol method, string attribute)
    {
        for (var m = method; m is not null; m = m.OverriddenMethod)
        {
            if (ControllerTypes.Has(m, attribute))
                return true;
        }

        return false;
    }
}
