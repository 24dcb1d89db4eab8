namespace CompileTimeRouting.Roslyn.Models;

/// <summary>All that the shim of one routed method is generated from.</summary>
/// <param name="Type">The type that declares it.</param>
/// <param name="Form">How it is written.</param>
/// <param name="Route">What its attribute says.</param>
/// <param name="Name">The escaped identifier.</param>
/// <param name="Modifiers">The shim's modifiers without async and partial, each followed by a space.</param>
/// <param name="TypeParameters">Their list with brackets, or nothing.</param>
/// <param name="Constraints">The constraint clauses, each preceded by a space, or nothing.</param>
/// <param name="Parameters">The shim's parameters.</param>
/// <param name="Return">The return type.</param>
/// <param name="Source">The expression for the data source or the factory of contexts; empty for a refused method.</param>
/// <param name="Core">The call of the core; null for <see cref="RoutedForm.Statement"/> and a refused method.</param>
/// <param name="Statement">The SQL; for <see cref="RoutedForm.Statement"/> only, unless it is refused.</param>
/// <param name="DocumentationId">The documentation id of the core that the shim inherits its docs from; for <see cref="RoutedForm.Overload"/> only.</param>
/// <param name="IsOblivious">Whether the signature was written with nullable annotations disabled.</param>
/// <param name="ExperimentalIds">Diagnostics that the types of the signature would cause, as the user has accepted them already.</param>
/// <param name="RefusedBy">The rule for which a partial method gets a half that throws; null where it gets its shim.</param>
internal sealed record RoutedMethod(
    ContainingType Type,
    RoutedForm Form,
    RouteModel Route,
    string Name,
    string Modifiers,
    string TypeParameters,
    string Constraints,
    EquatableArray<RoutedParameter> Parameters,
    ReturnShape Return,
    string Source,
    CoreCall? Core,
    StatementModel? Statement,
    string? DocumentationId,
    bool IsOblivious,
    EquatableArray<string> ExperimentalIds,
    string? RefusedBy = null)
{
    /// <summary>The attributes of the core that the shim has, too, in brackets; for <see cref="RoutedForm.Overload"/> only.</summary>
    public EquatableArray<string> Attributes { get; init; } = EquatableArray<string>.Empty;

    /// <summary>Of a refused method, the sources that its shim could have read: a parameter that nobody reads would be a warning.</summary>
    public EquatableArray<string> Unread { get; init; } = EquatableArray<string>.Empty;

    /// <summary>Whether each argument can be handed to the core a second time.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>Whether the shim tries again where the runtime says so. A write always asks: it may not have come to anything.</summary>
    public bool Retries => Route.Retry && IsRepeatable;
}
