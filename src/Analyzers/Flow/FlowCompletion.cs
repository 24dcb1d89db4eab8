using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// When the work of a call is done: at once, where its task is awaited, or, for one that nobody awaits, at no time that the
/// code could count on.
/// </summary>
internal readonly record struct FlowCompletion(SyntaxNode? Await, ISymbol? Holder, bool IsNever)
{
    private readonly SemanticModel? _model;

    private static readonly FlowCompletion Now = new(null, null, false);
    private static readonly FlowCompletion Never = new(null, null, true);

    private FlowCompletion(ISymbol holder, SemanticModel model)
        : this(null, holder, false) => _model = model;

    public bool IsNow => this == Now;

    /// <param name="call">The call.</param>
    /// <param name="type">What it returns.</param>
    /// <param name="source">Knows the variables.</param>
    public static FlowCompletion Of(SyntaxNode call, ITypeSymbol? type, SourceModel source)
    {
        if (type is not { Name: "Task" or "ValueTask" })
            return Now;
        for (var node = call; node.Parent is { } parent; node = parent)
        {
            switch (parent)
            {
                case AwaitExpressionSyntax:
                    return new FlowCompletion(parent, null, false);
                // Blocking, or left to whoever gets the task.
                case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Result" or "Wait" or "GetAwaiter" }:
                case ReturnStatementSyntax or ArrowExpressionClauseSyntax or YieldStatementSyntax:
                    return Now;
                case AnonymousFunctionExpressionSyntax function when function.Body == node:
                    return Now;
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable }:
                    return In(variable);
                case AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: not "_" } target } assignment when assignment.Right == node:
                    return In(target);
                case AssignmentExpressionSyntax assignment when assignment.Right == node && Part(assignment, call) is { } part:
                    return In(part);
                // tasks[0] = SaveAsync()
                case AssignmentExpressionSyntax { Left: ElementAccessExpressionSyntax { Expression: IdentifierNameSyntax list } } assignment when assignment.Right == node:
                    return In(list);
                case AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax member } } assignment when assignment.Right == node:
                    return In(member);
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WaitAll" } }:
                    return new FlowCompletion(parent, null, false);
                // tasks.Add(SaveAsync())
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax list, Name.Identifier.ValueText: "Add" } }:
                    return In(list);
                case StatementSyntax or AssignmentExpressionSyntax or MemberDeclarationSyntax:
                    return Never;
            }
        }

        return Never;

        FlowCompletion In(SyntaxNode holder) => source.Model(holder.SyntaxTree) is { } model && Symbol(holder, model) is { } variable
            ? new FlowCompletion(variable, model)
            : Never;
    }

    /// <summary>Whether a call waits for tasks, as an await does.</summary>
    public static bool IsWait(IInvocationOperation call) => call.TargetMethod switch
    {
        { Name: "Wait" or "WaitAll", ContainingType.Name: "Task" } => true,
        { Name: "GetResult", ContainingNamespace: { Name: "CompilerServices", ContainingNamespace.Name: "Runtime" } } => true,
        _ => false,
    };

    /// <summary>Whether an await, or a call that waits, waits for it.</summary>
    public bool IsAt(SyntaxNode await)
    {
        if (Await is not null)
            return Await == await;
        return Holder is not null && await.DescendantNodes().OfType<IdentifierNameSyntax>().Any(Names);
    }

    // By itself, as one of what it holds, or in what waits for all of several.
    private bool Names(IdentifierNameSyntax name)
    {
        if (name.Identifier.ValueText == Holder!.Name)
            return SymbolEqualityComparer.Default.Equals(_model!.GetSymbolInfo(name).Symbol, Holder);
        if (_model!.GetSymbolInfo(name).Symbol is ILocalSymbol { Type.Name: "Task", DeclaringSyntaxReferences: [var declaration] } && declaration.GetSyntax() is VariableDeclaratorSyntax
            { Initializer.Value: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WhenAll" } } both } && both.Span.End <= name.SpanStart)
        {
            return both.ArgumentList.DescendantNodes().OfType<IdentifierNameSyntax>().Any(Names);
        }

        foreach (var loop in name.Ancestors().OfType<ForEachStatementSyntax>())
        {
            if (loop.Identifier.ValueText == name.Identifier.ValueText && loop.Statement.Contains(name) && loop.Expression is IdentifierNameSyntax all)
                return Names(all);
        }

        return false;
    }

    // var (a, b) = (SaveAsync(), LoadAsync())
    private static SyntaxNode? Part(AssignmentExpressionSyntax assignment, SyntaxNode call)
    {
        if (assignment.Right is not TupleExpressionSyntax given || IndexOf(given, call) is not (>= 0 and var index))
            return null;
        return assignment.Left switch
        {
            TupleExpressionSyntax targets when index < targets.Arguments.Count => targets.Arguments[index].Expression is DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax one } ? one : targets.Arguments[index].Expression,
            DeclarationExpressionSyntax { Designation: ParenthesizedVariableDesignationSyntax { Variables: var variables } } when index < variables.Count => variables[index],
            _ => null,
        };
    }

    private static int IndexOf(TupleExpressionSyntax tuple, SyntaxNode part)
    {
        for (var i = 0; i < tuple.Arguments.Count; i++)
        {
            if (tuple.Arguments[i].Expression == part)
                return i;
        }

        return -1;
    }

    private static ISymbol? Symbol(SyntaxNode holder, SemanticModel model) =>
        holder is VariableDeclaratorSyntax or SingleVariableDesignationSyntax ? model.GetDeclaredSymbol(holder) : model.GetSymbolInfo(holder).Symbol;
}
