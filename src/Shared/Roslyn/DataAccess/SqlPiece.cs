using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>A stretch of SQL in the source: text that is known, or a place where something is put in.</summary>
internal sealed class SqlPiece
{
    private SqlPiece(SqlPieceKind kind, string text, SyntaxNode source, int offset, ISymbol? symbol)
    {
        Kind = kind;
        Text = text;
        Source = source;
        Offset = offset;
        Symbol = symbol;
    }

    public SqlPieceKind Kind { get; }

    /// <summary>The text; of a hole, why it isn't known.</summary>
    public string Text { get; }

    /// <summary>The expression that it comes from.</summary>
    public SyntaxNode Source { get; }

    /// <summary>Where in the value of <see cref="Source"/> the text begins; -1 where that has other characters.</summary>
    public int Offset { get; }

    /// <summary>The parameter, or the property or method without arguments, that fills the hole.</summary>
    public ISymbol? Symbol { get; }

    /// <summary>The type parameter, or the parameter, whose member it is; null where it is one of <c>this</c>.</summary>
    public ISymbol? Holder { get; private set; }

    public static SqlPiece Known(string text, SyntaxNode source, int offset) => new(SqlPieceKind.Text, text, source, offset, null);

    /// <summary>A value that is sent apart from the SQL.</summary>
    public static SqlPiece Value(SyntaxNode source) => new(SqlPieceKind.Value, "", source, -1, null);

    /// <param name="reason">A noun phrase: what is put in.</param>
    /// <param name="source">The expression.</param>
    public static SqlPiece Hole(string reason, SyntaxNode source) => new(SqlPieceKind.Hole, reason, source, -1, null);

    public static SqlPiece Parameter(IParameterSymbol parameter, SyntaxNode source) =>
        new(SqlPieceKind.Parameter, $"the parameter '{parameter.Name}'", source, -1, parameter);

    /// <summary>A member of <c>this</c> that a derived class may override.</summary>
    public static SqlPiece Virtual(ISymbol member, SyntaxNode source) => new(SqlPieceKind.Virtual, $"'{member.Name}'", source, -1, member);

    /// <summary>A member of a type that the caller chooses, be it static or one of a new object, or of an object that the caller gives.</summary>
    public static SqlPiece OfHolder(ISymbol member, ISymbol holder, SyntaxNode source) =>
        new(SqlPieceKind.Virtual, $"'{member.Name}' of '{holder.Name}'", source, -1, member) { Holder = holder };

    public SqlPiece Slice(int start, int length) =>
        new(Kind, Text.Substring(start, length), Source, Offset < 0 ? -1 : Offset + start, Symbol);
}
