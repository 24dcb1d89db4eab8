using CompileTimeRouting.Analyzers.Endpoints;
using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// The actions of ASP.NET Core that a result sends the browser to, which asks for them next: <c>RedirectToAction</c>,
/// <c>RedirectToPage</c>, <c>CreatedAtAction</c> and the like, where they name an action or page of the compilation.
/// </summary>
internal sealed class Redirects(Compilation compilation, SourceModel source)
{
    private const string Mvc = "Microsoft.AspNetCore.Mvc";

    /// <summary>Whether a method of this name may be one that redirects.</summary>
    public static bool MayBe(string name) => name.StartsWith("RedirectTo", StringComparison.Ordinal) ||
        name is "CreatedAtAction" or "AcceptedAtAction" or "CreatedAtRoute" or "AcceptedAtRoute" or "RedirectToRoute";

    /// <summary>The handlers of the requests that may follow a call.</summary>
    public IReadOnlyList<IMethodSymbol> Of(IInvocationOperation call)
    {
        var name = call.TargetMethod.Name;
        if (!MayBe(name) || !IsOfMvc(call.TargetMethod.ContainingType) || OwnType(call) is not { } own)
            return [];
        if (name.StartsWith("RedirectToPage", StringComparison.Ordinal))
            return Page(Text(call, "pageName"), Text(call, "pageHandler"), own);
        if (name.EndsWith("Route", StringComparison.Ordinal) || name.StartsWith("RedirectToRoute", StringComparison.Ordinal))
            return Text(call, "routeName") is { } route ? [.. Gets(own).Where(m => IsRouteNamed(m, route))] : [];
        if (Text(call, "actionName") is not { } action)
            return [];
        var controller = Text(call, "controllerName") is { } other ? TypesNamed(other + "Controller").FirstOrDefault() : own;
        return controller is null ? [] : [.. Gets(controller).Where(m => m.Name == action || m.Name == action + "Async" || ActionName(m) == action)];
    }

    /// <summary>The handlers that the calls of a body send the browser to.</summary>
    public IEnumerable<IMethodSymbol> Of(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (!Mentions.NamesRedirect(method, cancellationToken))
            yield break;
        foreach (var reference in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
        {
            foreach (var node in reference.GetSyntax(cancellationToken).DescendantNodes())
            {
                if (node is InvocationExpressionSyntax { Expression: var called } && MayBe(Name(called)) && source.Operation(node, cancellationToken) is IInvocationOperation call)
                {
                    foreach (var handler in Of(call))
                        yield return handler;
                }
            }
        }
    }

    private static string Name(ExpressionSyntax called) => called switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => "",
    };

    private static bool IsOfMvc(INamedTypeSymbol type)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.ContainingNamespace?.ToDisplayString() is { } space && (space == Mvc || space.StartsWith(Mvc + ".", StringComparison.Ordinal)))
                return true;
        }

        return false;
    }

    private INamedTypeSymbol? OwnType(IInvocationOperation call) =>
        call.Instance?.Type is INamedTypeSymbol { IsAbstract: false } type ? type
        : call.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } declaration ? source.Model(declaration.SyntaxTree)?.GetDeclaredSymbol(declaration) as INamedTypeSymbol
        : null;

    // Null where it isn't given, or isn't known.
    private static string? Text(IInvocationOperation call, string parameter)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Name == parameter && argument.Value.ConstantValue is { HasValue: true, Value: string text })
                return text;
        }

        return null;
    }

    private IEnumerable<INamedTypeSymbol> TypesNamed(string name) => compilation.GetSymbolsWithName(name, SymbolFilter.Type).OfType<INamedTypeSymbol>();

    // A browser follows with GET: what is marked for other methods isn't meant.
    private static IEnumerable<IMethodSymbol> Gets(INamedTypeSymbol controller)
    {
        for (var type = controller; type is { DeclaringSyntaxReferences.IsEmpty: false }; type = type.BaseType!)
        {
            foreach (var member in type.GetMembers())
            {
                if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Public, IsStatic: false } action && HttpHandlers.MayAnswerGet(action))
                    yield return action;
            }
        }
    }

    private static string? ActionName(IMethodSymbol action) => action.GetAttributes()
        .FirstOrDefault(static a => a.AttributeClass?.Name == "ActionNameAttribute")?.ConstructorArguments.FirstOrDefault().Value as string;

    private static bool IsRouteNamed(IMethodSymbol action, string route) =>
        action.GetAttributes().Any(a => a.NamedArguments.Any(n => n.Key == "Name" && n.Value.Value is string name && name == route));

    // By convention the class of a page is named for it; without a name it is the page itself.
    private IReadOnlyList<IMethodSymbol> Page(string? page, string? handler, INamedTypeSymbol own)
    {
        var name = page?.Split('/').LastOrDefault();
        var model = name is null or "" ? own : TypesNamed(name + "Model").OrderByDescending(t => SymbolEqualityComparer.Default.Equals(t.ContainingNamespace, own.ContainingNamespace)).FirstOrDefault();
        return model is null ? [] : [.. Gets(model).Where(m => m.Name == "OnGet" + handler || m.Name == "OnGet" + handler + "Async")];
    }
}
