using System.Collections.Immutable;
using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn;

/// <summary>
/// Reads a routed method and judges it. The generator takes the model, the analyzer the violations: what the one can't
/// generate, the other one explains.
/// </summary>
internal static class RoutedMethodReader
{
    /// <summary>Reads one method.</summary>
    /// <param name="symbol">Any method; of a partial one, either half. One of another assembly has nothing to be read.</param>
    /// <param name="known">The symbols of its compilation.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static RoutedMethodReading Read(IMethodSymbol symbol, KnownSymbols known, CancellationToken cancellationToken) =>
        Read(symbol, known, isJudged: false, cancellationToken);

    /// <summary>Reads what the analyzer needs: the violations, and the model where SQL is to be judged by it.</summary>
    /// <inheritdoc cref="Read(IMethodSymbol, KnownSymbols, CancellationToken)"/>
    public static RoutedMethodReading Judge(IMethodSymbol symbol, KnownSymbols known, CancellationToken cancellationToken) =>
        Read(symbol, known, isJudged: true, cancellationToken);

    private static RoutedMethodReading Read(IMethodSymbol symbol, KnownSymbols known, bool isJudged, CancellationToken cancellationToken)
    {
        var method = symbol.PartialDefinitionPart ?? symbol;
        var (read, write) = RoutingAttributes.Find(method, known);
        if ((read ?? write) is not { } attribute || method.DeclaringSyntaxReferences.IsEmpty)
            return RoutedMethodReading.Nothing;
        if (method.MethodKind != MethodKind.Ordinary ||
            method.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken) is not MethodDeclarationSyntax declaration)
        {
            return NotAMethod(method, attribute, cancellationToken);
        }

        var reading = new SignatureReading(method, declaration, known, cancellationToken);
        var model = Read(reading, attribute, isRead: read is not null, hasBoth: read is not null && write is not null, isJudged);
        return new RoutedMethodReading(model ?? (isJudged ? null : Refusal.Read(reading, attribute, isRead: read is not null)), reading.Violations);
    }

    private static RoutedMethod? Read(SignatureReading reading, AttributeData attribute, bool isRead, bool hasBoth, bool isJudged)
    {
        var method = reading.Method;
        if (hasBoth)
        {
            reading.Break(RuleIds.BothAttributes, null);
            return null;
        }

        var route = RouteReader.Read(attribute, isRead, method);
        RouteReader.Judge(route, attribute, reading);
        var type = reading.Known.ContainingType(method.ContainingType);
        if ((type.Unsupported ?? WhyUnsupported(reading)) is { } reason)
        {
            reading.Break(RuleIds.UnsupportedSignature, null, reason);
            return null;
        }

        RequirePartialTypes(reading);
        if (FormOf(reading, attribute) is not { } form || type.HasError || SignatureParts.HasErrors(reading))
            return null;

        // Without SQL the analyzer wants no model, only what is wrong.
        var isModeled = !isJudged || form == RoutedForm.Statement;
        var (returns, result) = ReturnReader.Read(reading, isModeled);
        if (returns.Kind == ReturnKind.AsyncEnumerable && route.Transaction)
        {
            // A unit of work belongs to the flow that begins it; the consumer of a stream runs in another one.
            reading.Break(RuleIds.UnsupportedSignature, null, "a transaction can't stay open while its caller enumerates a stream; return List<T>");
        }

        var staticOnly = method.IsStatic && (form != RoutedForm.Overload || method.ContainingType.IsStatic);
        var found = FindCore(reading, type, form, staticOnly);
        var source = ReadSource(reading, type, found.Core, form, staticOnly);
        var parameters = ParameterReader.Read(reading, form, returns, source, isModeled);
        var core = ReadCore(reading, form, found);
        if (reading.BlockedBy is not null || !isModeled)
            return null;

        return new RoutedMethod(
            type.Model,
            form,
            route,
            Identifiers.Escape(method.Name),
            form == RoutedForm.Overload ? OverloadModifiers(method, source) : SignatureParts.Modifiers(reading),
            form == RoutedForm.Overload ? SharedAttributes.TypeParameters(method, reading.Known) : TypeParameterLists.Render(method.TypeParameters),
            SignatureParts.Constraints(reading),
            parameters,
            returns,
            source.Expression!,
            core is null ? null : Call(reading, form, core, source),
            form == RoutedForm.Statement ? new StatementModel(SqlOf(attribute), RowReader.ReadResult(returns, result, reading.Known)) : null,
            form == RoutedForm.Overload ? method.GetDocumentationCommentId() : null,
            SignatureParts.IsOblivious(reading),
            SignatureParts.ExperimentalIds(reading, core))
        {
            Attributes = form == RoutedForm.Overload ? SharedAttributes.Render(method, reading.Known) : EquatableArray<string>.Empty,
            IsRepeatable = method.Parameters.Skip(form == RoutedForm.Overload ? 1 : 0).All(p => !reading.Known.Facts(p.Type).IsOneShot),
        };
    }

    private static RoutedMethodReading NotAMethod(IMethodSymbol method, AttributeData attribute, CancellationToken cancellationToken) => new(null, ImmutableArray.Create(new RoutingViolation(
        RuleIds.UnsupportedSignature,
        (method.Name.Length == 0 ? attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken).GetLocation() : method.Locations.FirstOrDefault()) ?? Location.None,
        ImmutableArray.Create(NameOf(method), method.MethodKind switch
        {
            MethodKind.ExplicitInterfaceImplementation => "it implements an interface explicitly; route an ordinary method and call that one from here",
            MethodKind.LocalFunction => "it is a local function; make it a method of its class",
            MethodKind.AnonymousFunction => "it is a lambda expression; make it a method of its class",
            _ => "only an ordinary method can be; route one and call it from here",
        }))));

    private static string NameOf(IMethodSymbol method) => method switch
    {
        { ExplicitInterfaceImplementations.IsEmpty: false } => method.ExplicitInterfaceImplementations[0].Name,
        { AssociatedSymbol: { } property } => property.Name,
        { Name.Length: 0 } => "lambda expression",
        _ => method.Name,
    };

    private static string? WhyUnsupported(SignatureReading reading)
    {
        var method = reading.Method;
        if (method.IsAbstract)
            return "it is abstract; mark the methods that override it";
        if (method.IsExtern)
            return "it is extern; give it a body";
        if (method.IsVararg)
            return "it has __arglist; take an array";
        if (TypeParameterLists.AllowRefStruct(reading.Declaration.ConstraintClauses))
            return "it has a type parameter that allows a ref struct; remove 'allows ref struct'";
        return reading.Declaration.Modifiers.Any(SyntaxKind.UnsafeKeyword) && reading.Declaration.Modifiers.Any(SyntaxKind.PartialKeyword)
            ? "it is unsafe; leave that to the method it calls"
            : null;
    }

    private static void RequirePartialTypes(SignatureReading reading)
    {
        for (var node = reading.Declaration.Parent; node is TypeDeclarationSyntax type; node = node.Parent)
        {
            if (!type.Modifiers.Any(SyntaxKind.PartialKeyword))
                reading.Break(RuleIds.NotPartial, type.Identifier.GetLocation(), type.Identifier.ValueText);
        }
    }

    // Null where the method has no form, which is then a broken rule.
    private static RoutedForm? FormOf(SignatureReading reading, AttributeData attribute)
    {
        var (method, known) = (reading.Method, reading.Known);
        var hasSql = !attribute.ConstructorArguments.IsEmpty;
        var implementation = method.PartialImplementationPart is { } part && !GeneratedMembers.IsGenerated(part) ? part : null;
        if (implementation is not null || reading.Declaration.Body is not null || reading.Declaration.ExpressionBody is not null)
        {
            if (hasSql)
                reading.Break(RuleIds.SqlAndBody, attribute.ApplicationSyntaxReference?.GetSyntax(reading.CancellationToken).GetLocation());
            else if (method.Parameters.IsEmpty || !known.IsOpened(method.Parameters[0].Type))
                reading.Break(RuleIds.CoreMismatch, null, "it has a body, but its first parameter is not an NpgsqlConnection, DbConnection or DbContext; take the connection or context first, or declare the method partial and leave the body to the generator");
            else
                return RoutedForm.Overload;
            return null;
        }

        if (method.IsPartialDefinition)
            return hasSql ? RoutedForm.Statement : RoutedForm.Declared;
        reading.Break(RuleIds.NotPartial, null, method.Name);
        return null;
    }

    private static CoreFinder.Result FindCore(SignatureReading reading, ContainingTypeFacts type, RoutedForm form, bool staticOnly) => form switch
    {
        RoutedForm.Declared => CoreFinder.Find(reading.Method, reading.Known, CoreFinder.Opened(type.OnlyContext(staticOnly))),
        RoutedForm.Overload => new CoreFinder.Result(reading.Method, null),
        _ => default,
    };

    // The overload of a static core is an instance method where its source is one; a declared shim is what it was declared as.
    private static SourceChoice ReadSource(SignatureReading reading, ContainingTypeFacts type, IMethodSymbol? core, RoutedForm form, bool staticOnly)
    {
        var context = core?.Parameters[0].Type is { } taken && reading.Known.IsDbContext(taken) ? taken : null;
        if (core is null && form == RoutedForm.Declared)
            context = type.OnlyContext(staticOnly);
        var source = type.Source(staticOnly, context);
        if (source.Candidates.Count == 0)
            BreakNoSource(reading, context, staticOnly);
        else if (source.Expression is null)
            reading.Break(RuleIds.SeveralSources, null, reading.Method.ContainingType.Name, string.Join(", ", source.Candidates));
        return source;
    }

    private static void BreakNoSource(SignatureReading reading, ITypeSymbol? context, bool staticOnly) => reading.Break(
        RuleIds.NoSource,
        null,
        reading.Method.ContainingType.Name,
        context is null ? "RoutedDataSource" : $"RoutedDbContextFactory<{context.Name}>",
        staticOnly ? "static field or property" : "field, property or primary-constructor parameter");

    private static IMethodSymbol? ReadCore(SignatureReading reading, RoutedForm form, CoreFinder.Result found)
    {
        var (method, known) = (reading.Method, reading.Known);
        if (form == RoutedForm.Declared && found.Core is null)
            reading.Break(RuleIds.CoreMismatch, null, found.Reason!);
        if (form == RoutedForm.Overload)
        {
            if (method.Parameters[0].RefKind != RefKind.None)
                reading.Break(RuleIds.UnsupportedSignature, method.Parameters[0].Locations.FirstOrDefault(), "its connection is passed by reference; take it by value");
            if (ShimCollision.Find(method, known) is { } other)
                reading.Break(RuleIds.ShimCollides, null, other.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
        }

        return found.Core;
    }

    private static CoreCall Call(SignatureReading reading, RoutedForm form, IMethodSymbol core, SourceChoice source) => form == RoutedForm.Declared
        ? CoreFinder.Call(reading.Method, core, source, reading.Known)
        : CoreFinder.Call(core, core, source, core.Parameters.Skip(1).Select(CoreFinder.Argument).ToArray(), reading.Known);

    private static string OverloadModifiers(IMethodSymbol core, SourceChoice source) =>
        SyntaxFacts.GetText(core.DeclaredAccessibility) + (core.IsStatic && source.IsStatic ? " static " : " ");

    private static string SqlOf(AttributeData attribute) => attribute.ConstructorArguments[0].Value as string ?? "";
}
