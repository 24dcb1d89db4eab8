using System.CommandLine;

namespace CompileTimeRouting.Tool.Commands;

/// <summary><c>ctr catalog</c></summary>
internal sealed class CatalogCommand : Command
{
    public CatalogCommand()
        : base("catalog", "What a database's own functions, views and tables do: the snapshot that the analyzers read.")
    {
        Add(new CatalogPullCommand());
        Add(new CatalogCheckCommand());
    }
}
