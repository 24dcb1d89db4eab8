namespace CompileTimeRouting.Roslyn.Models;

/// <summary>A parameter of the shim.</summary>
/// <param name="Name">The escaped identifier.</param>
/// <param name="Type">The fully qualified type.</param>
/// <param name="Prefix">Attributes and modifiers, each followed by a space, or nothing.</param>
/// <param name="Default">The default value with its equals sign; empty where the shim repeats none.</param>
/// <param name="IsCancellationToken">Whether it is the method's cancellation token.</param>
/// <param name="ClrType">The type as values are bound from it; for <see cref="RoutedForm.Statement"/> only.</param>
internal sealed record RoutedParameter(
    string Name,
    string Type,
    string Prefix,
    string Default,
    bool IsCancellationToken,
    TypeRef? ClrType);
