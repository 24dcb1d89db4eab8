using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>Finds the behaviors that a class is, by the names of its interfaces: every mediator has some of its own.</summary>
internal static class MessageBehaviors
{
    private static readonly string[] Words = ["Behavior", "Behaviour", "PreProcessor", "PostProcessor", "Middleware"];

    public static IEnumerable<MessageBehavior> Of(INamedTypeSymbol type)
    {
        if (type.IsAbstract)
            yield break;
        foreach (var contract in type.AllInterfaces)
        {
            if (contract.TypeArguments.IsEmpty || !Words.Any(contract.Name.Contains))
                continue;
            foreach (var member in contract.GetMembers().OfType<IMethodSymbol>())
            {
                if (MessageHandlers.IsHandling(member.Name) && type.FindImplementationForInterfaceMember(member) is IMethodSymbol { DeclaringSyntaxReferences: [var declaration, ..] } method)
                    yield return new MessageBehavior(method.OriginalDefinition, type, contract.TypeArguments[0], IsConditional(declaration) ? $"'{type.Name}', which may run around it, writes" : null);
            }
        }
    }

    private static bool IsConditional(SyntaxReference declaration) =>
        declaration.GetSyntax().DescendantNodes().Any(static n => n is IfStatementSyntax or SwitchStatementSyntax or SwitchExpressionSyntax or ConditionalExpressionSyntax);
}
