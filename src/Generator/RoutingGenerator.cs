using CompileTimeRouting.Generator.Emission;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.Models;
using CompileTimeRouting.Roslyn.Statements;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Generator;

/// <summary>Generates the shims of routed methods, and what is told of them and of the rest. It reports nothing: the analyzer explains what it leaves out or refuses.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class RoutingGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var reads = Methods(context, "CompileTimeRouting.ReadQueryAttribute").WithTrackingName(TrackingNames.ReadMethods);
        var writes = Methods(context, "CompileTimeRouting.WriteCommandAttribute").WithTrackingName(TrackingNames.WriteMethods);
        var types = Statements(reads).Collect().Combine(Statements(writes).Collect())
            .SelectMany(static (methods, _) => RoutedType.Group(methods.Left, methods.Right))
            .WithTrackingName(TrackingNames.Types);

        // One item per type: a changed method renders its own type's file again and no other.
        context.RegisterSourceOutput(types, static (output, type) => output.AddSource(type.HintName, TypeEmitter.Emit(type)));

        // Reads every body that another assembly can reach, and the cores, so an IDE, which doesn't ask for it, isn't slowed down by it.
        var published = context.CompilationProvider
            .SelectMany(static (compilation, cancellationToken) => PublishedEffectReader.Read(compilation, cancellationToken))
            .WithTrackingName(TrackingNames.Published);
        context.RegisterImplementationSourceOutput(published, static (output, file) => output.AddSource(PublishedFile.HintName, PublishedFileEmitter.Emit(file)));
    }

    private static IncrementalValuesProvider<RoutedMethod> Methods(IncrementalGeneratorInitializationContext context, string attribute) =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (node, _) => node is MethodDeclarationSyntax,
                static (found, cancellationToken) =>
                    found.TargetSymbol is IMethodSymbol method && KnownSymbols.For(found.SemanticModel.Compilation) is { } known
                        ? RoutedMethodReader.Read(method, known, cancellationToken).Model
                        : null)
            .Where(static method => method is not null)!;

    // SQL is read again only when the method it stands on has changed.
    private static IncrementalValuesProvider<RoutedMethod> Statements(IncrementalValuesProvider<RoutedMethod> methods) => methods
        .Select(static (method, _) => StatementReader.Complete(method))
        .WithTrackingName(TrackingNames.Statements);
}
