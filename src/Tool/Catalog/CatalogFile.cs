using System.Globalization;
using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Input;

namespace CompileTimeRouting.Tool.Catalog;

/// <summary><c>*.routing-catalog.json</c></summary>
internal static class CatalogFile
{
    /// <summary>What the analyzers look for among a project's additional files.</summary>
    public const string Suffix = ".routing-catalog.json";

    /// <exception cref="CommandException">The file can't be read.</exception>
    public static SqlCatalogParse Read(string file) => SqlCatalog.Parse(TextDecoder.Decode(SqlFiles.Content(file)));

    /// <exception cref="CommandException">The file can't be written.</exception>
    public static void Write(string file, SqlCatalog catalog)
    {
        try
        {
            File.WriteAllText(file, CatalogWriter.Write(catalog));
        }
        catch (Exception e) when (SqlFiles.IsFileProblem(e))
        {
            throw new CommandException($"The file '{file}' can't be written: {e.Message}", e);
        }
    }

    public static string Mistake(string file, SqlCatalogError error) => file + error;

    /// <summary>How much of what is in it.</summary>
    public static string Summary(SqlCatalog catalog)
    {
        var routes = catalog.Functions.CountBy(f => catalog.Verdict(f).Route).ToDictionary();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{catalog.Functions.Count} functions ({Count(SqlRoute.Replica)} replica, {Count(SqlRoute.Primary)} primary, {Count(SqlRoute.Unknown)} unknown), "
            + $"{catalog.Relations.Count(static r => r.Kind is not (SqlCatalogRelationKind.View or SqlCatalogRelationKind.Sequence))} tables, "
            + $"{catalog.Relations.Count(static r => r.Kind == SqlCatalogRelationKind.View)} views, "
            + $"{catalog.Relations.Count(static r => r.Kind == SqlCatalogRelationKind.Sequence)} sequences, {catalog.Enums.Count} enums");

        int Count(SqlRoute route) => routes.GetValueOrDefault(route);
    }
}
