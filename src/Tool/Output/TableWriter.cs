using System.Globalization;
using System.Text;
using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Classification;
using CompileTimeRouting.Tool.Standby;

namespace CompileTimeRouting.Tool.Output;

/// <summary>A table for people: plain text, one line for each statement, then the disagreements and the count.</summary>
internal sealed class TableWriter(Stream output) : IStatementWriter
{
    private const string Nothing = "-";
    private const int MaxWidth = 48;

    private readonly List<string[]> _rows = [];
    private readonly List<string> _disagreements = [];
    private bool _hasStandby;

    public void Add(ClassifiedStatement statement)
    {
        var (_, _, effects, standby) = statement;
        string[] row = [statement.Place, Names.Of(effects.Route), Effects(effects.Effects), List(effects.Reads), List(effects.Writes)];
        if (standby is not null)
        {
            _hasStandby = true;
            row = [.. row, Verdict(standby)];
            if (standby.Disagreement is { } disagreement)
                _disagreements.Add(Describe(statement, disagreement));
        }

        _rows.Add([.. row.Select(Printable)]);
    }

    public void Finish(Tally tally)
    {
        using var text = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        if (_rows.Count > 0)
        {
            string[] head = ["PLACE", "ROUTE", "EFFECTS", "READS", "WRITES"];
            WriteRows(text, [_hasStandby ? [.. head, "STANDBY"] : head, .. _rows]);
            text.WriteLine();
        }

        foreach (var disagreement in _disagreements)
            text.WriteLine(Printable(disagreement));
        text.WriteLine(Summary(tally));
    }

    private static void WriteRows(TextWriter text, List<string[]> rows)
    {
        // A cell wider than the column is allowed to be pushes the rest of its own line only.
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length <= MaxWidth || column == 0 ? row[column].Length : 0)).ToArray();
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length - 1; column++)
                text.Write(row[column].PadRight(widths[column]) + "  ");
            text.WriteLine(row[^1]);
        }
    }

    private static string Effects(IReadOnlyList<SqlEffect> effects) =>
        effects.Count == 0 ? Nothing : string.Join(", ", effects.Select(Effect).Distinct());

    private static string Effect(SqlEffect effect) => effect switch
    {
        { Kind: SqlEffectKind.RefusedFunction or SqlEffectKind.PrimaryFunction or SqlEffectKind.UnknownFunction
            or SqlEffectKind.WritingRoutine or SqlEffectKind.UnknownRoutine or SqlEffectKind.CallingRelation or SqlEffectKind.UnloggedTable } => $"{Names.Of(effect.Kind)} {effect.Detail}",
        { Kind: SqlEffectKind.UnknownSyntax } => $"{Names.Of(effect.Kind)} ({effect.Detail})",
        _ => Names.Of(effect.Kind),
    };

    private static string List(IReadOnlyList<SqlObjectName> names) => names.Count == 0 ? Nothing : string.Join(", ", names);

    private static string Verdict(StandbyAnswer answer) =>
        Names.Of(answer.Verdict) + (answer.SqlState is null ? "" : $" {answer.SqlState}")
        + (answer.Disagreement is { } disagreement ? $" ({Names.Of(disagreement)})" : "");

    private static string Describe(ClassifiedStatement statement, Disagreement disagreement)
    {
        var standby = statement.Standby!;
        return disagreement == Disagreement.Unsafe
            ? $"unsafe: {statement.Place} is said to be a replica's, but the standby refused it: {standby.Message} ({standby.SqlState})"
            : $"wasteful: {statement.Place} is said to be refused ({Effects([.. statement.Effects.Effects])}), but the standby served it";
    }

    private static string Summary(Tally tally)
    {
        var summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{tally.Total} statement{(tally.Total == 1 ? "" : "s")}: {tally.Of(SqlRoute.Replica)} replica, {tally.Of(SqlRoute.Primary)} primary, {tally.Of(SqlRoute.Unknown)} unknown");
        return tally.Unsafe + tally.Wasteful == 0
            ? summary
            : string.Create(CultureInfo.InvariantCulture, $"{summary}; the standby disagrees: {tally.Unsafe} unsafe, {tally.Wasteful} wasteful");
    }

    /// <summary>Names come from the SQL, and a terminal obeys what it is sent.</summary>
    private static string Printable(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var i = 0; i < source.Length; i++)
            target[i] = char.IsControl(source[i]) ? '\uFFFD' : source[i];
    });
}
