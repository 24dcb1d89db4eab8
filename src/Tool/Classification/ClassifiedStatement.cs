using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Input;
using CompileTimeRouting.Tool.Standby;

namespace CompileTimeRouting.Tool.Classification;

/// <summary>One statement of a text, and what was found out about it.</summary>
/// <param name="Source">The text it stands in; offsets are those of the text.</param>
/// <param name="Lines">The lines of the text.</param>
/// <param name="Effects">What it does.</param>
/// <param name="Standby">What a standby says; null where none was asked.</param>
internal sealed record ClassifiedStatement(SqlText Source, LineMap Lines, SqlStatementEffects Effects, StandbyAnswer? Standby)
{
    /// <summary><c>file:line:column</c></summary>
    public string Place
    {
        get
        {
            var (line, column) = Lines.Place(Effects.Statement.Start);
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Source.Name}:{line}:{column}");
        }
    }
}
