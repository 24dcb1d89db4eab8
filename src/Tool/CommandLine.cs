using System.CommandLine;
using CompileTimeRouting.Tool.Input;

namespace CompileTimeRouting.Tool;

/// <summary>Runs a command line. Standard output is the answer's alone: whatever goes wrong is told on standard error.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments, params Command[] commands)
    {
        var root = new RootCommand("PostgreSQL read replicas for .NET: what runs on a replica, and what doesn't.");
        foreach (var command in commands)
            root.Add(command);

        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
            return Refuse(root, parsed);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(1) });
        }
        catch (CommandException e)
        {
            return Fail(e.Message);
        }
        catch (IOException e)
        {
            // Files have messages of their own.
            return Fail($"Standard input can't be read, or standard output can't be written: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Cancelled;
        }
    }

    private static int Refuse(RootCommand root, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var words = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            words.Insert(0, result.Command.Name);
        words[0] = "ctr";
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0)
        {
            root.Parse([.. words.Skip(1), "--help"]).Invoke(new InvocationConfiguration { Output = Console.Error });
            return ExitCode.Usage;
        }

        // An option that is spelt wrong is repeated by the parser, with the connection string behind it.
        foreach (var message in parsed.Errors.Select(static e => ConnectionText.Guard(e.Message, e.Message)).Distinct())
            Fail(message);
        return Fail($"'{string.Join(' ', words)} --help' says what it takes.");
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"ctr: {message}");
        return ExitCode.Usage;
    }
}
