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
    /// <param name="value">What it gets; a value that isn't constant counts for nothing.</param>
    public static bool Notes(IPropertyReferenceOperation property, IOperation value)
    {
        if (property.Property.Name is not ("State" or "IsModified") || !DataAccessApis.IsIn(property.Property.ContainingType, Tracking))
            return false;
        while (value is IConversionOperation { ConstantValue.HasValue: false } conversion)
            value = conversion.Operand;
        return value.ConstantValue is { HasValue: true, Value: { } constant } && (constant is true || Changed.Contains(constant));
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
