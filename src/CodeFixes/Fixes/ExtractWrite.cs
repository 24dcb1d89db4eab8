using CompileTimeRouting.CodeFixes.Syntax;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.CodeFixes.Fixes;

/// <summary>
/// Moves a statement that writes out of a read, into a [WriteCommand] method of its own that is called in its place. The code
/// does what it did; the call can then be moved to where the read is called. Offered only where that is certain to compile.
/// </summary>
internal sealed class ExtractWrite : Fix
{
    public ExtractWrite()
        : base(
            "CompileTimeRouting.ExtractWrite",
            "Extract writes into [WriteCommand] methods",
            Roslyn.RuleIds.SqlWrites,
            Roslyn.RuleIds.SqlCallsWrite,
            RuleIds.ApiWrites,
            RuleIds.ReachesWrite)
    {
    }

    protected override FixProposal? Propose(FixContext context)
    {
        if (context.Node.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax statement ||
            statement.ContainsDirectives || MethodOf(statement) is not { } declaration ||
            context.Model.GetDeclaredSymbol(declaration, context.CancellationToken) is not { Parameters.IsEmpty: false } method ||
            !context.Known.IsConnection(method.Parameters[0].Type) || method.ContainingType is not { TypeKind: TypeKind.Class } type ||
            RoutedReads.Around(context) is not { Count: > 0 } reads || !CanStandAlone(statement, context) ||
            CapturedVariables.Of(statement, method, context) is not { } captured)
        {
            return null;
        }

        var id = context.Document.Id;
        var text = context.Root.SyntaxTree.GetText(context.CancellationToken);
        var newLine = SourceLayout.NewLine(text);
        if (SourceLayout.Indentation(text, declaration.GetFirstToken().SpanStart) is not { } indentation)
            return null;

        var name = context.Batch.NameFor(id, statement.Span, isTaken => Name(method, type, isTaken));
        var isAwaited = statement.Expression is AwaitExpressionSyntax;
        var accessibility = captured.All(v => v.IsParameter) ? reads[0].Method.DeclaredAccessibility : Accessibility.Private;
        var member = string.Concat(
            $"{newLine}{newLine}{indentation}[{AttributeNames.At(context.Model, declaration.SpanStart, context.Known.WriteCommand)}]{newLine}",
            $"{indentation}{SyntaxFacts.GetText(accessibility)} {(method.IsStatic ? "static " : "")}{(isAwaited ? $"async {TaskName(declaration, context)}" : "void")} ",
            $"{name}({string.Join(", ", captured.Select(static v => $"{v.Type} {v.Name}"))}) =>{newLine}",
            $"{indentation}{(indentation.Contains('\t') ? "\t" : "    ")}{statement.Expression};");
        var call = $"{name}({string.Join(", ", captured.Select(static v => v.Name))})";
        if (isAwaited)
            call = $"await {call}{(statement.Expression.ToString().EndsWith(".ConfigureAwait(false)", StringComparison.Ordinal) ? ".ConfigureAwait(false)" : "")}";

        return new FixProposal(
            $"Extract the write of '{method.Name}' into a [WriteCommand] method",
            [new DocumentEdit(id, statement.Expression.Span, call), DocumentEdit.Insert(id, declaration.Span.End, member)]);
    }

    // The method whose own statement it is; null within a lambda or local function, and where code means another thing than outside.
    private static MethodDeclarationSyntax? MethodOf(ExpressionStatementSyntax statement)
    {
        for (var node = statement.Parent; node is not null; node = node.Parent)
        {
            switch (node)
            {
                case MethodDeclarationSyntax method:
                    return method.Modifiers.Any(SyntaxKind.UnsafeKeyword) ? null : method;
                case MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax:
                case CheckedStatementSyntax or UnsafeStatementSyntax or FixedStatementSyntax:
                    return null;
            }
        }

        return null;
    }

    // A task that nobody awaits would outlive the connection of the new method.
    private static bool CanStandAlone(ExpressionStatementSyntax statement, FixContext context) => statement.Expression switch
    {
        AwaitExpressionSyntax { Expression: InvocationExpressionSyntax } => true,
        InvocationExpressionSyntax invocation =>
            context.Model.GetTypeInfo(invocation, context.CancellationToken).Type is { } type && !IsAwaitable(type),
        _ => false,
    };

    private static bool IsAwaitable(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Dynamic || !type.GetMembers("GetAwaiter").IsEmpty || (type.BaseType is { } baseType && IsAwaitable(baseType));

    private static string TaskName(MethodDeclarationSyntax declaration, FixContext context) =>
        context.Known.Task!.ToMinimalDisplayString(context.Model, declaration.SpanStart);

    private static string Name(IMethodSymbol method, INamedTypeSymbol type, Func<string, bool> isTaken)
    {
        const string Suffix = "Async";
        var isAsync = method.Name.Length > Suffix.Length && method.Name.EndsWith(Suffix, StringComparison.Ordinal);
        var stem = isAsync ? method.Name.Substring(0, method.Name.Length - Suffix.Length) : method.Name;
        for (var number = 1; ; number++)
        {
            var name = $"{stem}Write{(number == 1 ? "" : number.ToString(System.Globalization.CultureInfo.InvariantCulture))}{(isAsync ? Suffix : "")}";
            if (!isTaken(name) && !IsMember(type, name))
                return name;
        }
    }

    private static bool IsMember(INamedTypeSymbol type, string name)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (!t.GetMembers(name).IsEmpty)
                return true;
        }

        return false;
    }
}
