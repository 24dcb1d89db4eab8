namespace CompileTimeRouting.Sql;

/// <content>
/// Whether operands and what joins them take turns. Expressions are read flat, and a text that every server refuses has no
/// effect: but it isn't known for a read either. Words that join are many, so that all is let pass next to one.
/// </content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>Words that aren't reserved, and yet join what stands around them; and what stands for a part that isn't known.</summary>
    private static readonly string[] Joining =
    [
        "absent", "at", "ctr_hole", "current", "empty", "encoding", "error", "exclude", "following", "format", "ignore", "indent", "keep", "last", "name",
        "nested", "next", "normalized", "nulls", "omit", "others", "preceding", "preserve", "ref", "respect", "standalone", "strip", "value", "version",
    ];

    /// <summary>The first token that can't stand where it does, or -1.</summary>
    private int _misplaced = -1;

    /// <summary>What came last in an expression.</summary>
    private enum Turn : byte
    {
        /// <summary>Nothing, or the bracket that opens.</summary>
        Begin,

        /// <summary>The end of an operand.</summary>
        Operand,

        /// <summary>The name of a column behind its operand, or a star: nothing may follow in the same item.</summary>
        Label,

        /// <summary>An operator or a comma: an operand must follow.</summary>
        Operator,

        /// <summary>A word that anything may follow.</summary>
        Any,
    }

    /// <summary>Notes that a token can't stand where it does; the first one is kept.</summary>
    private void Misplaced(int index)
    {
        if (_misplaced < 0)
            _misplaced = index;
    }

    /// <summary>Notes an expression that ends too early.</summary>
    private void EndTurns(Turn turn)
    {
        if (turn == Turn.Operator)
            Misplaced(_position - 1);
    }

    /// <summary>Takes the token here.</summary>
    /// <param name="turn">What came last.</param>
    /// <param name="isItem">Whether no bracket is open, so that AS names a column, not a type.</param>
    private Turn Take(Turn turn, bool isItem)
    {
        var index = _position;
        switch (_tokens[index].Kind)
        {
            case SqlTokenKind.Identifier when _tokens[index].Keyword is not SqlKeyword.Other and var word && !SqlKeywords.IsVerb(word) && !IsLabel(index):
                if (turn is Turn.Operand or Turn.Any)
                    return !SqlKeywords.IsOutsideExpressions(word) ? Turn.Any : MayLabel(index, word);
                if (SqlKeywords.IsOutsideExpressions(word) || IsInfix(word))
                    Misplaced(index);
                return Turn.Any;
            case SqlTokenKind.Identifier or SqlTokenKind.QuotedIdentifier or SqlTokenKind.UnicodeIdentifier:
                if (turn is not (Turn.Operand or Turn.Label))
                    return isItem && IsLabel(index) ? Turn.Label : Turn.Operand;
                if (IsJoining(index))
                    return Turn.Any;
                // PASSING BY REF x
                if (FollowsName(index) && IsJoining(index - 1))
                    return Turn.Operand;
                if (turn == Turn.Label)
                    Misplaced(index);
                return Turn.Label;
            case >= SqlTokenKind.String and <= SqlTokenKind.HexString:
                if (turn == Turn.Label || (turn == Turn.Operand && !MayPrecedeLiteral(index - 1)))
                    Misplaced(index);
                return Turn.Operand;
            case SqlTokenKind.NamedParameter:
                // Or what looks like one: a[1:b], json_object('a':b), x @y.
                return Turn.Any;
            case SqlTokenKind.Integer or SqlTokenKind.Numeric or SqlTokenKind.PositionalParameter:
                if (turn is Turn.Operand or Turn.Label && !(FollowsName(index) && IsJoining(index - 1)))
                    Misplaced(index);
                return Turn.Operand;
            case SqlTokenKind.Operator:
                if (turn == Turn.Label || (turn is Turn.Begin or Turn.Operator && IsComparison(index) && !IsInOperator(index)))
                    Misplaced(index);
                // ORDER BY … USING <, OPERATOR(pg_catalog.<)
                return WordAt(SqlKeyword.Using, index - 1) || IsInOperator(index) ? Turn.Any : Turn.Operator;
            case SqlTokenKind.Star:
                if (turn == Turn.Label)
                    Misplaced(index);
                if (KindAt(index - 1) == SqlTokenKind.Dot)
                    return Turn.Operand;
                return turn switch
                {
                    Turn.Operand => Turn.Operator,
                    Turn.Any => Turn.Any,
                    _ => Turn.Label,
                };
            case SqlTokenKind.Comma:
                if (turn is Turn.Begin or Turn.Operator)
                    Misplaced(index);
                return Turn.Operator;
            case SqlTokenKind.OpenParen:
                if (turn == Turn.Label || (turn == Turn.Operand && !FollowsName(index)))
                    Misplaced(index);
                return Turn.Begin;
            case SqlTokenKind.OpenBracket:
                return Turn.Begin;
            case SqlTokenKind.CloseParen when index == _operatorEnd || (KindAt(index - 1) == SqlTokenKind.Star && IsInOperator(index - 1)):
                return Turn.Any;
            case SqlTokenKind.CloseParen or SqlTokenKind.CloseBracket:
                if (turn == Turn.Operator)
                    Misplaced(index);
                return Turn.Operand;
            case SqlTokenKind.Dot or SqlTokenKind.TypeCast:
                if (turn is Turn.Label or Turn.Operator)
                    Misplaced(index);
                return Turn.Any;
            default:
                return Turn.Any;
        }
    }

    // Words that no operand begins with; IS may be a function.
    private bool IsInfix(SqlKeyword word) =>
        word is SqlKeyword.And or SqlKeyword.Or or SqlKeyword.In || (word == SqlKeyword.Is && Keyword(1) != SqlKeyword.Other);

    // Reserved, and yet it may name the column before it, or an XML element.
    private Turn MayLabel(int index, SqlKeyword word)
    {
        if (word is SqlKeyword.Create or SqlKeyword.Grant && !SqlKeywords.Is(_sql, _tokens[index - 1], "name"))
            Misplaced(index);
        return Turn.Label;
    }

    // OPERATOR(=), OPERATOR(pg_catalog.=): the latter isn't told from t.*.
    private bool IsInOperator(int index) =>
        KindAt(index - 1) == SqlTokenKind.Dot || (KindAt(index - 1) == SqlTokenKind.OpenParen && WordAt(SqlKeyword.Operator, index - 2));

    // The name of a type, with or without brackets, and a literal that goes on in another line.
    private bool MayPrecedeLiteral(int index) =>
        _tokens[index].Kind is SqlTokenKind.CloseParen or (>= SqlTokenKind.Identifier and <= SqlTokenKind.HexString);

    private bool FollowsName(int index) => index > 0 && SqlIdentifier.IsIdentifier(_tokens[index - 1].Kind);

    private bool IsComparison(int index)
    {
        var token = _tokens[index];
        return token.Length switch
        {
            1 => _sql[token.Start] is '=' or '<' or '>',
            2 => (_sql[token.Start], _sql[token.Start + 1]) is ('<' or '>' or '!', '=') or ('<', '>'),
            _ => false,
        };
    }

    private bool IsJoining(int index)
    {
        foreach (var word in Joining)
        {
            if (SqlKeywords.Is(_sql, _tokens[index], word))
                return true;
        }

        return false;
    }
}
