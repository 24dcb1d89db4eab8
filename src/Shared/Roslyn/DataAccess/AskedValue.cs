using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>What a condition asks for: a parameter, a lasting member of the object that a parameter holds, or one of another object.</summary>
/// <param name="Parameter">The parameter; null where it is a member of another object.</param>
/// <param name="Member">The member; null where it is the parameter itself.</param>
/// <param name="IsOnThis">Whether it is a member of the object that the code runs on.</param>
internal readonly record struct AskedValue(IParameterSymbol? Parameter, ISymbol? Member, bool IsOnThis)
{
    public ITypeSymbol? Type => Member is null ? Parameter?.Type : FixedMember.TypeOf(Member);

    /// <summary>What an expression asks for; null where it may change, or is another kind of expression.</summary>
    public static AskedValue? Of(IOperation? value) => value switch
    {
        IParameterReferenceOperation { Parameter: var parameter } => new AskedValue(parameter, null, false),
        IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol, Member.OriginalDefinition: var member } reference when FixedMember.IsLasting(member) =>
            new AskedValue((reference.Instance as IParameterReferenceOperation)?.Parameter, member, reference.Instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }),
        _ => null,
    };
}
