namespace CompileTimeRouting.Roslyn.DataAccess.Tables;

/// <summary>Collects what is read and written, each table once, in the order of its first use.</summary>
internal sealed class TableSet
{
    private readonly List<TableName> _reads = [];
    private readonly List<TableName> _writes = [];

    public void Read(TableName table) => Add(_reads, table);

    public void Write(TableName table) => Add(_writes, table);

    public void Add(TableAccess access)
    {
        foreach (var table in access.Reads)
            Read(table);
        foreach (var table in access.Writes)
            Write(table);
    }

    public TableAccess ToAccess() => _reads.Count == 0 && _writes.Count == 0 ? TableAccess.None : new TableAccess(_reads, _writes);

    private static void Add(List<TableName> tables, TableName table)
    {
        if (!tables.Contains(table))
            tables.Add(table);
    }
}
