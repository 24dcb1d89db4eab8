using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess.Tables;

/// <summary>Finds the entities of EF Core that a body uses: sets of a context, navigations, what is added, removed and saved.</summary>
internal static class EntityReader
{
    private const string Ef = "Microsoft.EntityFrameworkCore";

    /// <param name="body">The whole body, lambdas included.</param>
    /// <param name="known">The symbols of the compilation, which must know EF Core.</param>
    /// <param name="isEntity">Whether a type is known to be an entity.</param>
    public static IReadOnlyList<EntityUse> Read(IOperation body, KnownSymbols known, Func<ITypeSymbol, bool> isEntity)
    {
        var uses = new List<EntityUse>();
        foreach (var operation in body.DescendantsAndSelf())
        {
            switch (operation)
            {
                case IPropertyReferenceOperation { Property: { Type: INamedTypeSymbol { Name: "DbSet", TypeArguments: [var entity] } type } set } reference when IsEf(type):
                    uses.Add(Used(reference, entity, set));
                    break;
                case IFieldReferenceOperation or ILocalReferenceOperation or IParameterReferenceOperation when operation.Type is INamedTypeSymbol { Name: "DbSet", TypeArguments: [var entity] } type && IsEf(type):
                    uses.Add(Used(operation, entity, null));
                    break;
                case IInvocationOperation { TargetMethod: { Name: "Set", TypeArguments: [var entity], ContainingType: { } context } } call when known.IsDbContext(context):
                    uses.Add(Used(call, entity, null));
                    break;
                case IInvocationOperation call when IsSave(call.TargetMethod, known):
                    uses.Add(new EntityUse(EntityUseKind.Saved, null, null, call.Syntax));
                    break;
                case IInvocationOperation { TargetMethod: { ContainingType: { } context, Name: var name }, Arguments: [var argument, ..] } call when IsChange(name) && known.IsDbContext(context):
                    if (Entity(argument.Value) is { } changed)
                        uses.Add(new EntityUse(KindOf(call), changed, null, call.Syntax));
                    break;
                case IInvocationOperation { TargetMethod: { Name: "TrackGraph", ContainingType: { } tracker }, Arguments: [var argument, ..] } call when IsEf(tracker):
                    if (call.DescendantsAndSelf().OfType<ISimpleAssignmentOperation>().Any(static a => a.Target is IPropertyReferenceOperation state && EntityChanges.Notes(state, a.Value)) && Entity(argument.Value) is { } root)
                        uses.Add(new EntityUse(EntityUseKind.Tracked, root, null, call.Syntax));
                    break;
                case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } change when EntityChanges.Notes(property, change.Value):
                    if (EntityChanges.EntityOf(property) is { } entry)
                        uses.Add(new EntityUse(EntityUseKind.Tracked, entry, null, change.Syntax));
                    break;
                case IInvocationOperation { TargetMethod: { Name: "Include" or "ThenInclude", ContainingType: { } extensions } } call when IsEf(extensions):
                    foreach (var navigation in Navigations(call))
                        uses.Add(new EntityUse(EntityUseKind.Read, navigation, null, call.Syntax));
                    break;
                case IAssignmentOperation { Target: IPropertyReferenceOperation property } assignment when Changed(property, body) is { } owner:
                    Add(owner, assignment.Syntax);
                    break;
                case IIncrementOrDecrementOperation { Target: IPropertyReferenceOperation property } step when Changed(property, body) is { } owner:
                    Add(owner, step.Syntax);
                    break;
                case IInvocationOperation { TargetMethod.Name: "Add" or "AddRange" or "Insert" or "Remove" or "RemoveAll" or "RemoveAt" or "Clear", Instance: IPropertyReferenceOperation { Property.Type: var navigation } } call
                    when Element(navigation) is { } element && !SymbolEqualityComparer.Default.Equals(element, navigation):
                    Add(element, call.Syntax);
                    break;
                // order.Close(): whatever else would it be for.
                case IInvocationOperation { TargetMethod: { ReturnsVoid: true, IsExtensionMethod: false }, Instance: { Type: { } owner } and not IInstanceReferenceOperation } call:
                    Add(owner, call.Syntax);
                    break;
                case IObjectCreationOperation { Type: { } made } creation when isEntity(made) && ChangeAround(creation, known) is { } change:
                    uses.Add(new EntityUse(EntityUseKind.Changed, made, null, change.Syntax));
                    break;
            }
        }

        return uses;

        void Add(ITypeSymbol entity, SyntaxNode syntax)
        {
            if (isEntity(entity))
                uses.Add(new EntityUse(EntityUseKind.Changed, entity, null, syntax));
        }
    }

    // The type whose object has another value from now on. One that is being made isn't in a table yet.
    private static ITypeSymbol? Changed(IPropertyReferenceOperation property, IOperation body) => property.Instance switch
    {
        null or IInstanceReferenceOperation { ReferenceKind: not InstanceReferenceKind.ContainingTypeInstance } => null,
        IInstanceReferenceOperation when body is IConstructorBodyOperation => null,
        { Type: var type } => type,
    };

    // What is made within what a context is given, such as the lines of a new order.
    private static IInvocationOperation? ChangeAround(IOperation creation, KnownSymbols known)
    {
        for (var at = creation.Parent; at is not null and not IBlockOperation; at = at.Parent)
        {
            if (at is IInvocationOperation { TargetMethod: { Name: var name, ContainingType: { } type } } call && IsChange(name) && !EntityChanges.IsAttach(call.TargetMethod))
            {
                if ((type.Name == "DbSet" && IsEf(type)) || known.IsDbContext(type))
                    return call;
            }
        }

        return null;
    }

    // What is done to a set stands behind it: context.Orders.Where(…).ExecuteDeleteAsync().
    private static EntityUse Used(IOperation set, ITypeSymbol entity, IPropertySymbol? property)
    {
        var kind = EntityUseKind.ReadTracked;
        IOperation at = set;
        while (true)
        {
            while (at.Parent is IConversionOperation or IArgumentOperation or IParenthesizedOperation)
                at = at.Parent;
            if (at.Parent is not IInvocationOperation call || (call.Instance != at && !call.Arguments.Any(a => a == at)))
                return new EntityUse(kind, entity, property, at.Syntax);
            at = call;
            var name = call.TargetMethod.Name;
            if (name is "AsNoTracking" or "AsNoTrackingWithIdentityResolution")
                kind = EntityUseKind.Read;
            else if (name.StartsWith("ExecuteUpdate", StringComparison.Ordinal) || name.StartsWith("ExecuteDelete", StringComparison.Ordinal))
                return new EntityUse(EntityUseKind.Written, entity, property, call.Syntax);
            else if (IsChange(name) && call.Instance is not null)
                return new EntityUse(KindOf(call), entity, property, call.Syntax);
        }
    }

    private static EntityUseKind KindOf(IInvocationOperation change) =>
        EntityChanges.IsAttach(change.TargetMethod) && !EntityChanges.Adds(change) ? EntityUseKind.Attached : EntityUseKind.Tracked;

    private static bool IsChange(string name) =>
        name is "Add" or "AddAsync" or "AddRange" or "AddRangeAsync" or "Update" or "UpdateRange" or "Remove" or "RemoveRange" or "Attach" or "AttachRange";

    private static bool IsSave(IMethodSymbol method, KnownSymbols known) =>
        method.Name is "SaveChanges" or "SaveChangesAsync" && method.ContainingType is { } type && known.IsDbContext(type);

    private static bool IsEf(INamedTypeSymbol type) => DataAccessApis.IsIn(type, Ef);

    // Of a collection its elements.
    private static ITypeSymbol? Entity(IOperation value)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value switch
        {
            IArrayCreationOperation { Initializer.ElementValues: [var first, ..] } => Entity(first),
            _ => Element(value.Type),
        };
    }

    private static ITypeSymbol? Element(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments: [var element] } collection when collection.AllInterfaces.Any(static i => i.SpecialType == SpecialType.System_Collections_IEnumerable) => element,
        _ => type,
    };

    private static IEnumerable<ITypeSymbol> Navigations(IInvocationOperation include)
    {
        foreach (var argument in include.Arguments)
        {
            if (argument.Value.ConstantValue is { HasValue: true, Value: string path })
            {
                foreach (var entity in Navigations(include.TargetMethod.TypeArguments.FirstOrDefault(), path))
                    yield return entity;
                continue;
            }

            foreach (var part in argument.Value.DescendantsAndSelf())
            {
                if (part is IPropertyReferenceOperation { Property.Type: var type } && Element(type) is { } entity && IsEntity(entity))
                    yield return entity;
            }
        }
    }

    // Include("Lines.Part"). What isn't found ends it.
    private static IEnumerable<ITypeSymbol> Navigations(ITypeSymbol? entity, string path)
    {
        foreach (var name in path.Split('.'))
        {
            entity = Element(BaseTypes.AndSelf(entity as INamedTypeSymbol).SelectMany(t => t.GetMembers(name)).OfType<IPropertySymbol>().FirstOrDefault()?.Type);
            if (entity is null || !IsEntity(entity))
                yield break;
            yield return entity;
        }
    }

    private static bool IsEntity(ITypeSymbol type) => type is { TypeKind: TypeKind.Class, SpecialType: SpecialType.None };

    private static IEnumerable<IOperation> DescendantsAndSelf(this IOperation root)
    {
        var pending = new Stack<IOperation>();
        pending.Push(root);
        while (pending.Count > 0)
        {
            var operation = pending.Pop();
            yield return operation;
            foreach (var child in operation.ChildOperations.Reverse())
                pending.Push(child);
        }
    }
}
