using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// Tells the assignments that note a change of an entity, as <c>Add</c> and <c>Remove</c> do:
/// <c>context.Entry(order).State = EntityState.Modified</c>, <c>entry.Property(o =&gt; o.Status).IsModified = true</c>.
/// </summary>
internal static class EntityChanges
{
    private const string Tracking = "Microsoft.EntityFrameworkCore.ChangeTracking";

    // The numbers of EntityState: Deleted, Modified, Added. Detached and Unchanged note nothing.
    private static readonly object[] Changed = [2, 3, 4];

    /// <param name="property">What is assigned to.</param>
    /// <param name="value">What it gets, or may get; a value that isn't constant counts for nothing.</param>
    public static bool Notes(IPropertyReferenceOperation property, IOperation value)
    {
        if (property.Property.Name is not ("State" or "IsModified") || !DataAccessApis.IsIn(property.Property.ContainingType, Tracking))
            return false;
        return IsChanged(value);
    }

    /// <summary>
    /// Whether a call of <c>Attach</c> or <c>AttachRange</c> adds: EF takes what has no key yet for new, if the database makes
    /// its keys. That is told of objects that are made in the call; any other is attached as it is, which notes nothing.
    /// </summary>
    public static bool Adds(IInvocationOperation call) =>
        IsAttach(call.TargetMethod) && call.Arguments.Any(static a => IsNew(a.Value));

    /// <summary>Whether a method is <c>Attach</c> or <c>AttachRange</c> of a set or a context.</summary>
    public static bool IsAttach(IMethodSymbol method) =>
        method.Name is "Attach" or "AttachRange" && method.ContainingType is { Name: "DbContext" or "DbSet" } type && DataAccessApis.IsIn(type, "Microsoft.EntityFrameworkCore");

    private static bool IsNew(IOperation value)
    {
        switch (value)
        {
            case IConversionOperation conversion:
                return IsNew(conversion.Operand);
            case IArrayCreationOperation { Initializer.ElementValues: var elements }:
                return elements.Any(IsNew);
            case IObjectCreationOperation { Arguments.IsEmpty: true, Type: { } type } made:
                var given = made.Initializer?.Initializers.OfType<ISimpleAssignmentOperation>().Select(static i => (i.Target as IPropertyReferenceOperation)?.Property.Name).ToArray() ?? [];
                return BaseTypes.AndSelf(type as INamedTypeSymbol).SelectMany(static t => t.GetMembers().OfType<IPropertySymbol>()).Any(p => IsGeneratedKey(p) && !given.Contains(p.Name));
            default:
                return false;
        }
    }

    // By convention. A Guid isn't looked at: many a type makes its own.
    private static bool IsGeneratedKey(IPropertySymbol property) =>
        property.Type.SpecialType is SpecialType.System_Int16 or SpecialType.System_Int32 or SpecialType.System_Int64 &&
        (property.Name == "Id" || property.Name == property.ContainingType.Name + "Id" || property.GetAttributes().Any(static a => a.AttributeClass?.Name == "KeyAttribute")) &&
        !property.GetAttributes().Any(static a => a.AttributeClass?.Name == "DatabaseGeneratedAttribute");

    private static bool IsChanged(IOperation? value)
    {
        while (value is IConversionOperation { ConstantValue.HasValue: false } conversion)
            value = conversion.Operand;
        return value switch
        {
            IConditionalOperation choice => IsChanged(choice.WhenTrue) || IsChanged(choice.WhenFalse),
            ISwitchExpressionOperation choice => choice.Arms.Any(static arm => IsChanged(arm.Value)),
            _ => value?.ConstantValue is { HasValue: true, Value: { } constant } && (constant is true || Changed.Contains(constant)),
        };
    }

    /// <summary>The entity that an entry is of; null where that isn't known.</summary>
    public static ITypeSymbol? EntityOf(IPropertyReferenceOperation property)
    {
        for (var at = property.Instance; at is not null;)
        {
            if (at is IInvocationOperation { TargetMethod.Name: "Entry", Arguments: [var argument, ..] })
                return argument.Value is IConversionOperation conversion ? conversion.Operand.Type : argument.Value.Type;
            if (at.Type is INamedTypeSymbol { Name: "EntityEntry", TypeArguments: [var entity] })
                return entity;
            at = at switch
            {
                IInvocationOperation call => call.Instance,
                IPropertyReferenceOperation outer => outer.Instance,
                IConversionOperation converted => converted.Operand,
                _ => null,
            };
        }

        return null;
    }
}
