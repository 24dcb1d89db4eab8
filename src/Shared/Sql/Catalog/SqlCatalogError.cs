namespace CompileTimeRouting.Sql;

/// <summary>Why a text is no catalog snapshot, and where: line and column count from 1.</summary>
internal sealed record SqlCatalogError(string Message, int Line, int Column)
{
    public override string ToString() => $"({Line},{Column}): {Message}";
}

/// <summary>A catalog, or the reason why there is none.</summary>
internal readonly struct SqlCatalogParse
{
    public SqlCatalogParse(SqlCatalog catalog)
    {
        Catalog = catalog;
        Error = null;
    }

    public SqlCatalogParse(SqlCatalogError error)
    {
        Catalog = null;
        Error = error;
    }

    public SqlCatalog? Catalog { get; }

    public SqlCatalogError? Error { get; }
}
