using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using CompileTimeRouting.Sql;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace CompileTimeRouting.Analyzers;

/// <summary>The catalog snapshots among the additional files of a project. Each text is parsed once.</summary>
internal static class CatalogFiles
{
    private const string Suffix = ".routing-catalog.json";

    private static readonly ConditionalWeakTable<SourceText, StrongBox<SqlCatalogParse>> Parsed = new();

    /// <summary>All that can be read, as one; null where there is none.</summary>
    public static SqlCatalog? Read(ImmutableArray<AdditionalText> files, CancellationToken cancellationToken)
    {
        var catalogs = new List<SqlCatalog>();
        foreach (var file in files)
        {
            if (IsCatalog(file) && file.GetText(cancellationToken) is { } text && Parse(text).Catalog is { } catalog)
                catalogs.Add(catalog);
        }

        return SqlCatalog.Merge(catalogs);
    }

    /// <summary>Reports a snapshot that can't be read, at the place in it.</summary>
    public static void Report(AdditionalFileAnalysisContext context)
    {
        if (!IsCatalog(context.AdditionalFile) || context.AdditionalFile.GetText(context.CancellationToken) is not { } text || Parse(text).Error is not { } error)
            return;
        var position = new LinePosition(Math.Max(0, error.Line - 1), Math.Max(0, error.Column - 1));
        var location = Location.Create(context.AdditionalFile.Path, default, new LinePositionSpan(position, position));
        context.ReportDiagnostic(Diagnostic.Create(Descriptors.CatalogUnreadable, location, Path.GetFileName(context.AdditionalFile.Path), error.Message));
    }

    private static bool IsCatalog(AdditionalText file) => file.Path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    private static SqlCatalogParse Parse(SourceText text) => Parsed.GetValue(text, static t => new StrongBox<SqlCatalogParse>(SqlCatalog.Parse(t.ToString()))).Value;
}
