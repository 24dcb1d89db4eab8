using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Texts of a type that the caller chooses, <c>T.Sql</c> and <c>new T().Sql</c>, and of an object that the caller creates.</content>
internal sealed partial class SqlTextReader
{
    // Whose member it is: of an object that is created here it is known that it is of no class below T.
    private ISymbol? HolderOf(ITypeSymbol? constrainedTo, IOperation? instance) => instance switch
    {
        null => constrainedTo as ITypeParameterSymbol,
        ITypeParameterObjectCreationOperation { Type: ITypeParameterSymbol created } => created,
        IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: not (MethodKind.Constructor or MethodKind.AnonymousFunction) } } parameter }
            when !_source.Index(instance).Guards.IsChanged(parameter) => parameter,
        _ => null,
    };

    // What a call says that the holder is, or what it hands on of its caller's.
    private SqlTexts? ReadOfHolder(ISymbol member, ISymbol holder, IInvocationOperation call, IMethodSymbol implementation)
    {
        if (!SymbolEqualityComparer.Default.Equals(holder.ContainingSymbol, implementation))
            return null;
        if (holder is ITypeParameterSymbol type)
        {
            var chosen = call.TargetMethod.ReducedFrom is null && type.Ordinal < call.TargetMethod.TypeArguments.Length ? call.TargetMethod.TypeArguments[type.Ordinal] : null;
            return chosen is ITypeParameterSymbol own ? SqlTexts.Of(SqlPiece.OfHolder(member, own, call.Syntax))
                : chosen is INamedTypeSymbol named ? ReadOfType(member, named, call.Syntax) : null;
        }

        var argument = call.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == ((IParameterSymbol)holder).Ordinal)?.Value;
        if (_source.Created(argument, _cancellationToken) is { Type: INamedTypeSymbol created })
            return ReadOfType(member, created, call.Syntax);
        return HolderOf(null, argument) is { } given ? SqlTexts.Of(SqlPiece.OfHolder(member, given, call.Syntax)) : null;
    }

    /// <summary>What a member without parameters gives for a new object of a type.</summary>
    public SqlTexts? ReadOfType(ISymbol member, INamedTypeSymbol type, SyntaxNode reference)
    {
        if (IsTypeName(member))
            return SqlTexts.Of(SqlPiece.Known(type.MetadataName, reference, -1));
        var own = member.ContainingType.TypeKind != TypeKind.Interface ? member : type.TypeKind != TypeKind.Interface ? type.FindImplementationForInterfaceMember(member) : null;
        return own is null ? null : ReadVirtual(own.OriginalDefinition, type, reference);
    }

    // typeof(T).Name
    private static SqlTexts ReadTypeName(IPropertySymbol name, ITypeOfOperation type) => type.TypeOperand switch
    {
        INamedTypeSymbol named => SqlTexts.Of(SqlPiece.Known(named.MetadataName, type.Syntax, -1)),
        ITypeParameterSymbol parameter => SqlTexts.Of(SqlPiece.OfHolder(name, parameter, type.Syntax)),
        _ => Hole("the name of a type", type),
    };

    private static bool IsTypeName(ISymbol member) => member is { Name: "Name", ContainingType: { Name: "MemberInfo" or "Type", ContainingNamespace.Name: "Reflection" or "System" } };
}
