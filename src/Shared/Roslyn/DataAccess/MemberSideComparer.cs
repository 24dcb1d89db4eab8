using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>Compares types with the side of them that is meant, static or not.</summary>
internal sealed class MemberSideComparer : IEqualityComparer<(ISymbol Type, bool IsStatic)>
{
    public static readonly MemberSideComparer Instance = new();

    public bool Equals((ISymbol Type, bool IsStatic) x, (ISymbol Type, bool IsStatic) y) => x.IsStatic == y.IsStatic && SymbolEqualityComparer.Default.Equals(x.Type, y.Type);

    public int GetHashCode((ISymbol Type, bool IsStatic) obj) => SymbolEqualityComparer.Default.GetHashCode(obj.Type) * 2 + (obj.IsStatic ? 1 : 0);
}
