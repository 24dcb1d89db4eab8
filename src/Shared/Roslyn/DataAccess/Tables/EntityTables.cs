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
    private readonly Lazy<ILookup<ITypeSymbol, string>> _sets;
    private readonly ConcurrentDictionary<(ITypeSymbol, IPropertySymbol?), TableName[]> _tables = new();

    public EntityTables(SourceModel source)
    {
        _fluent = new(() => ReadFluent(source));
        _sets = new(() => ReadSets(source));
    }

    /// <summary>
    /// The names that the table may have. By convention it is quoted as it is written in C#; where a naming convention is
    /// plugged in, it is the same in snake case.
    /// </summary>
    public IReadOnlyList<TableName> Of(ITypeSymbol entity, IPropertySymbol? set) => _tables.GetOrAdd((entity.OriginalDefinition, set), key => Find(key.Item1, key.Item2));

    /// <summary>Whether a type is known to be an entity: a set, <c>ToTable</c> or <c>[Table]</c> says so.</summary>
    public bool IsEntity(ITypeSymbol type) =>
        type.OriginalDefinition is var entity && (_sets.Value.Contains(entity) || _fluent.Value.ContainsKey(entity) || Attributed(entity) is not null);

    private TableName[] Find(ITypeSymbol entity, IPropertySymbol? set)
    {
        for (var type = entity; type is not null && type.SpecialType == SpecialType.None; type = type.BaseType)
        {
            if (_fluent.Value.TryGetValue(type, out var fluent))
                return [fluent];
            if (Attributed(type) is { } attributed)
                return [attributed];
        }

        // Where the set isn't at hand it is looked for, and where there is none its name may still be that of one: Orders of Order.
        string[] sets = set is not null ? [set.Name] : [.. _sets.Value[entity]];
        string[] names = sets.Length > 0 ? sets : [entity.Name, entity.Name + "s"];
        return [.. names.SelectMany(static n => new[] { n, SnakeCase(n) }).Distinct().Select(static n => new TableName(null, n))];
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
        Mentions(tree, "ToTable")
            ? tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(static call => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ToTable" })
            : [];

    // public DbSet<Order> Orders { get; set; }
    private static ILookup<ITypeSymbol, string> ReadSets(SourceModel source) => source.Trees
        .SelectMany(static tree => Mentions(tree, "DbSet") ? tree.GetRoot().DescendantNodes().OfType<PropertyDeclarationSyntax>() : [])
        .Where(static property => property.Type.DescendantNodesAndSelf().OfType<GenericNameSyntax>().Any(static type => type.Identifier.ValueText == "DbSet"))
        .Select(property => source.Model(property.SyntaxTree)?.GetDeclaredSymbol(property)).OfType<IPropertySymbol>()
        .Where(static property => property.Type is INamedTypeSymbol { Name: "DbSet", TypeArguments.Length: 1 })
        .ToLookup<IPropertySymbol, ITypeSymbol, string>(
            static property => ((INamedTypeSymbol)property.Type).TypeArguments[0].OriginalDefinition, static property => property.Name, SymbolEqualityComparer.Default);

    private static bool Mentions(SyntaxTree tree, string word) => !tree.TryGetText(out var text) || text.ToString().IndexOf(word, StringComparison.Ordinal) >= 0;

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
