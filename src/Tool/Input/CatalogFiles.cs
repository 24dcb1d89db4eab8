using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Tool.Input;

/// <summary>Reads catalog snapshots.</summary>
internal static class CatalogFiles
{
    /// <returns>One catalog of all files; null of none.</returns>
    /// <exception cref="CommandException">A file can't be read, or is no snapshot.</exception>
    public static SqlCatalog? Read(IEnumerable<string> files)
    {
        var catalogs = new List<SqlCatalog>();
        foreach (var file in files)
        {
            var parse = SqlCatalog.Parse(TextDecoder.Decode(SqlFiles.Content(file)));
            catalogs.Add(parse.Catalog ?? throw new CommandException($"{file}{parse.Error}"));
        }

        return SqlCatalog.Merge(catalogs);
    }
}
