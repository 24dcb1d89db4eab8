using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// What the declarations of a compilation say of names: which types the members of that name have or return, which types
/// are above and below each other, and which of all are of a data-access library.
/// </summary>
internal sealed class DeclaredTypes
{
    // A constraint may name its own parameter: where T : IComparable<T>.
    private readonly HashSet<ITypeParameterSymbol> _beingRead = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, bool> _isData = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> _dataNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _typesOfName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _related = new(StringComparer.Ordinal);
    private readonly HashSet<string> _dataTypes = new(StringComparer.Ordinal);
    private readonly CancellationToken _cancellationToken;

    public DeclaredTypes(Compilation compilation, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        AddNamespace(compilation.Assembly.GlobalNamespace);
    }

    /// <summary>Whether a name is one of a library's type, or of a member that has such a type.</summary>
    public bool IsOfData(string name) => _dataNames.Contains(name);

    /// <summary>Whether a type of that name is derived from a library's.</summary>
    public bool IsOfDataType(string type) => _dataTypes.Contains(type);

    /// <summary>Whether a type of the source has that name.</summary>
    public bool IsType(string name) => _related.ContainsKey(name);

    /// <summary>The names of the types above and below a type, and its own.</summary>
    public HashSet<string> Related(string type)
    {
        if (!_related.TryGetValue(type, out var related))
            _related.Add(type, related = new(StringComparer.Ordinal) { type });
        return related;
    }

    /// <summary>The types that the members of these names have.</summary>
    public HashSet<string> Touched(IEnumerable<string> names)
    {
        var touched = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (_related.ContainsKey(name))
                touched.Add(name);
            if (_typesOfName.TryGetValue(name, out var types))
                touched.UnionWith(types);
        }

        return touched;
    }

    private void AddNamespace(INamespaceSymbol space)
    {
        foreach (var member in space.GetMembers())
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (member is INamespaceSymbol inner)
                AddNamespace(inner);
            else if (member is INamedTypeSymbol type)
                AddType(type);
        }
    }

    private void AddType(INamedTypeSymbol type)
    {
        for (var above = type.BaseType; above is { SpecialType: SpecialType.None }; above = above.BaseType)
            Relate(type.Name, above.Name);
        foreach (var above in type.AllInterfaces)
            Relate(type.Name, above.Name);
        Related(type.Name);
        if (IsData(type))
        {
            _dataTypes.Add(type.Name);
            _dataNames.Add(type.Name);
        }

        foreach (var member in type.GetMembers())
        {
            switch (member)
            {
                case INamedTypeSymbol nested:
                    AddType(nested);
                    break;
                case IFieldSymbol field:
                    AddMember(field.Name, field.Type);
                    break;
                case IPropertySymbol property:
                    AddMember(property.Name, property.Type);
                    break;
                case IMethodSymbol { AssociatedSymbol: null } method:
                    AddMember(method.Name, method.ReturnType);
                    // Primary constructors' parameters are names of the whole type; a lambda's has what the method says.
                    foreach (var parameter in method.Parameters)
                        AddMember(method.MethodKind == MethodKind.Constructor ? parameter.Name : method.Name, parameter.Type);
                    break;
            }
        }
    }

    private void Relate(string below, string above)
    {
        Related(below).Add(above);
        Related(above).Add(below);
    }

    private void AddMember(string name, ITypeSymbol type)
    {
        if (IsData(type))
            _dataNames.Add(name);
        AddTypesOf(name, type);
    }

    private void AddTypesOf(string name, ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                AddTypesOf(name, array.ElementType);
                break;
            case ITypeParameterSymbol parameter when _beingRead.Add(parameter):
                foreach (var constraint in parameter.ConstraintTypes)
                    AddTypesOf(name, constraint);
                _beingRead.Remove(parameter);
                break;
            case INamedTypeSymbol named:
                if (!named.DeclaringSyntaxReferences.IsEmpty)
                {
                    if (!_typesOfName.TryGetValue(name, out var types))
                        _typesOfName.Add(name, types = new(StringComparer.Ordinal));
                    types.Add(named.Name);
                }

                foreach (var argument in named.TypeArguments)
                    AddTypesOf(name, argument);
                break;
        }
    }

    private bool IsData(ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                return IsData(array.ElementType);
            case ITypeParameterSymbol parameter:
                if (!_beingRead.Add(parameter))
                    return false;
                var isConstrained = parameter.ConstraintTypes.Any(IsData);
                _beingRead.Remove(parameter);
                return isConstrained;
            case not INamedTypeSymbol:
                return false;
        }

        var named = (INamedTypeSymbol)type;
        return IsDataDefinition(named.OriginalDefinition) || named.TypeArguments.Any(a => !SymbolEqualityComparer.Default.Equals(a, type) && IsData(a));
    }

    private bool IsDataDefinition(INamedTypeSymbol type)
    {
        if (type.SpecialType != SpecialType.None)
            return false;
        if (_isData.TryGetValue(type, out var known))
            return known;
        // Against types that are made of themselves.
        _isData[type] = false;
        var isData = type.DeclaringSyntaxReferences.IsEmpty
            ? IsOfDataLibrary(type)
            : (type.BaseType is { } above && IsDataDefinition(above.OriginalDefinition)) || type.AllInterfaces.Any(i => IsDataDefinition(i.OriginalDefinition));
        if (isData)
            _dataNames.Add(type.Name);
        return _isData[type] = isData;
    }

    private bool IsOfDataLibrary(INamedTypeSymbol type)
    {
        if (type.ContainingAssembly is not { } assembly)
            return true;
        if (type.Name.Contains("Repository") || type.Name.Contains("UnitOfWork") || DataAccessApis.IsIn(type, "System.Data", "Microsoft.AspNetCore.Identity"))
            return true;
        if (_isData.TryGetValue(assembly, out var known))
            return known;
        return _isData[assembly] = !assembly.Name.StartsWith("System", StringComparison.Ordinal) && assembly.Name is not ("mscorlib" or "netstandard") &&
            assembly.Modules.First().ReferencedAssemblies.Any(static a => a.Name is "System.Data.Common" or "System.Data" or "CompileTimeRouting" or "netstandard" or "mscorlib");
    }
}
