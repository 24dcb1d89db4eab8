using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>Looks for what generated code must not hold, in the bound tree.</summary>
internal static class EmittedCode
{
    public static void AssertFree(Compilation compilation, IEnumerable<SyntaxTree> trees)
    {
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var declaration in tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes())
            {
                if (declaration is BaseMethodDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax })
                    AssertFree(model.GetOperation(declaration is VariableDeclaratorSyntax v ? v.Initializer! : declaration, TestContext.Current.CancellationToken)!);
            }
        }
    }

    private static void AssertFree(IOperation root)
    {
        foreach (var operation in root.DescendantsAndSelf())
        {
            var forbidden = operation switch
            {
                IAnonymousFunctionOperation => "lambda",
                ILocalFunctionOperation => "local function",
                IDelegateCreationOperation => "delegate",
                IDynamicInvocationOperation or IDynamicMemberReferenceOperation or IDynamicObjectCreationOperation => "dynamic call",
                IConversionOperation conversion when conversion.GetConversion().IsBoxing => "boxing",
                IConversionOperation conversion when conversion.GetConversion().IsUserDefined => "user-defined conversion",
                ITypeOfOperation => "reflection",
                IInvocationOperation { TargetMethod.ContainingType.Name: "Enumerable" } => "LINQ",
                _ => null,
            };
            Assert.True(forbidden is null, $"{forbidden}: {operation.Syntax}");
        }
    }
}
