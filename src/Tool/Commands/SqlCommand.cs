using System.CommandLine;

namespace CompileTimeRouting.Tool.Commands;

/// <summary><c>ctr sql</c></summary>
internal sealed class SqlCommand : Command
{
    public SqlCommand()
        : base("sql", "What SQL does, by the rules of a hot standby.") => Add(new ClassifyCommand());
}
