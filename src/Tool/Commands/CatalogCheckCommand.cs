using System.CommandLine;
using CompileTimeRouting.Tool.Catalog;

namespace CompileTimeRouting.Tool.Commands;

/// <summary><c>ctr catalog check</c></summary>
internal sealed class CatalogCheckCommand : Command
{
    private const string About = """
        Says whether files are catalog snapshots, and what is in them.

        Exit status: 0 they are; 1 one isn't, and the message says where; 2 a file can't be read.
        """;

    private readonly Argument<string[]> _files = new("files") { Description = "The files.", Arity = ArgumentArity.OneOrMore };

    public CatalogCheckCommand()
        : base("check", About)
    {
        Add(_files);
        SetAction(parsed => Check(parsed.GetValue(_files) ?? []));
    }

    private static int Check(string[] files)
    {
        var status = ExitCode.Answered;
        foreach (var file in files)
        {
            var parse = CatalogFile.Read(file);
            if (parse.Error is { } error)
                status = ExitCode.Found;
            Console.WriteLine(parse.Error is { } mistake ? CatalogFile.Mistake(file, mistake) : $"{file}: {CatalogFile.Summary(parse.Catalog!)}");
        }

        return status;
    }
}
