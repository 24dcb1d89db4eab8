using System.Collections.Concurrent;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CompileTimeRouting.Roslyn.DataAccess.Tables;

/// <summary>
/// The tables of EF Core's entities: by <c>[Table]</c>, by <c>ToTable</c> in the source, else by convention the name of the set,
/// or of the type. Safe to ask from many threads.
/// </summary>
internal sealed class EntityTables
{
    private readonly Lazy<Dictionary<ITypeSymbol, TableName>> _fluent;
    private readonly ConcurrentDictionary<(ITypeSymbol, IPropertySymbol?), TableName[]> _tables = new();

    public EntityTables(SourceModel source) => _fluent = new(() => ReadFluent(source));

    /// <summary>
    /// The names that the table may have. By convention it is quoted as it is written in C#; where a naming convention is
    /// plugged in, it is the same in snake case.
    /// </summary>
    public IReadOnlyList<TableName> Of(ITypeSymbol entity, IPropertySymbol? set) => _tables.GetOrAdd((entity.OriginalDefinition, set), key => Find(key.Item1, key.Item2));

    private TableName[] Find(ITypeSymbol entity, IPropertySymbol? set)
    {
        for (var type = entity; type is not null && type.SpecialType == SpecialType.None; type = type.BaseType)
        {
            if (_fluent.Value.TryGetValue(type, out var fluent))
                return [fluent];
            if (Attributed(type) is { } attributed)
                return [attributed];
        }

        // Where the set isn't at hand its name may still be that of one: Orders of Order.
        var name = set?.Name ?? entity.Name;
        string[] names = set is null ? [name, SnakeCase(name), name + "s", SnakeCase(name) + "s"] : [name, SnakeCase(name)];
        return [.. names.Distinct().Select(static n => new TableName(null, n))];
    }

    private static TableName? Attributed(ITypeSymbol type)
    {
        foreach (var attribute in type.GetAttributes())
        {
            if (attribute.AttributeClass is { Name: "TableAttribute" } && attribute.ConstructorArguments is [{ Value: string name }, ..])
                return new TableName(attribute.NamedArguments.FirstOrDefault(static a => a.Key == "Schema").Value.Value as string, name);
        }

        return null;
    }

    // builder.ToTable("orders", "shop") on whatever is an EntityTypeBuilder<Order>. Files are searched by their text first.
    private static Dictionary<ITypeSymbol, TableName> ReadFluent(SourceModel source)
    {
        var tables = new Dictionary<ITypeSymbol, TableName>(SymbolEqualityComparer.Default);
        foreach (var call in source.Trees.SelectMany(static tree => Calls(tree)))
        {
            if (call.Expression is not MemberAccessExpressionSyntax { Expression: var builder } || source.Model(call.SyntaxTree) is not { } model ||
                model.GetTypeInfo(builder).Type is not INamedTypeSymbol { Name: "EntityTypeBuilder", TypeArguments: [var entity] })
            {
                continue;
            }

            var texts = call.ArgumentList.Arguments.Select(a => model.GetConstantValue(a.Expression).Value as string).ToArray();
            if (texts is [{ } name, ..])
                tables[entity] = new TableName(texts.ElementAtOrDefault(1), name);
        }

        return tables;
    }

    private static IEnumerable<InvocationExpressionSyntax> Calls(SyntaxTree tree) =>
        tree.TryGetText(out var text) && text.ToString().IndexOf("ToTable", StringComparison.Ordinal) < 0
            ? []
            : tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(static call => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ToTable" });

    // As EFCore.NamingConventions does.
    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var isUpper = char.IsUpper(name[i]);
            if (isUpper && i > 0 && name[i - 1] != '_' && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
                text.Append('_');
            text.Append(isUpper ? char.ToLowerInvariant(name[i]) : name[i]);
        }

        return text.ToString();
    }
}
