using System.CommandLine;
using CompileTimeRouting.Tool.Input;
using CompileTimeRouting.Tool.Validation;

namespace CompileTimeRouting.Tool.Commands;

/// <summary><c>ctr validate</c></summary>
internal sealed class ValidateCommand : Command
{
    private const string About = """
        Checks a routing configuration and asks every node it names: whether it answers and in which role, whether it is of
        the same cluster, whether its connections suffice for all instances of the application, whether a pooler stands
        before it, and which settings matter for reads on standbys. It only reads and needs no privilege.

        The configuration comes from JSON files and then the environment, as in the application, or from --primary and
        --replica alone.

        Exit status: 0 nothing to do; 1 an error or a warning; 2 not checked; 130 interrupted.
        """;

    private readonly Option<string[]> _config = new("--config")
    {
        Description = "A JSON file such as appsettings.json; of several the later one counts.",
        HelpName = "file",
    };

    private readonly Option<string> _section = new("--section")
    {
        Description = "The section of the configuration.",
        HelpName = "name",
        DefaultValueFactory = static _ => RoutingOptions.DefaultSection,
    };

    private readonly Option<string?> _primary = new("--primary")
    {
        Description = "The primary: postgresql:// URL or Npgsql connection string. No configuration is read then.",
        HelpName = "url",
    };

    private readonly Option<string[]> _replicas = new("--replica")
    {
        Description = "A replica, in the same forms; may be given several times.",
        HelpName = "url",
    };

    private readonly Option<int?> _instances = new("--instances")
    {
        Description = "How many instances of the application there are [default: ApplicationInstances].",
        HelpName = "n",
    };

    private readonly Option<bool> _json = new("--json") { Description = "One JSON object instead of the table." };

    public ValidateCommand()
        : base("validate", About)
    {
        Add(_config);
        Add(_section);
        Add(_primary);
        Add(_replicas);
        Add(_instances);
        Add(_json);
        Validators.Add(result =>
        {
            if (result.GetValue(_primary) is null && result.GetValue(_replicas) is { Length: > 0 })
                result.AddError("--replica needs --primary: arguments and configuration aren't mixed.");
            if (result.GetValue(_primary) is not null && result.GetValue(_config) is { Length: > 0 })
                result.AddError("--config and --primary exclude each other. Take one out.");
        });
        SetAction((parsed, cancellationToken) => ValidateAsync(Read(parsed), parsed.GetValue(_json), cancellationToken));
    }

    private RoutingOptions Read(ParseResult parsed)
    {
        var options = parsed.GetValue(_primary) is { } primary
            ? RoutingInput.FromArguments(primary, parsed.GetValue(_replicas) ?? [])
            : RoutingInput.FromFiles(parsed.GetValue(_config) ?? [], parsed.GetValue(_section)!);
        if (parsed.GetValue(_instances) is { } instances)
            options.ApplicationInstances = instances;
        return options;
    }

    private static async Task<int> ValidateAsync(RoutingOptions options, bool json, CancellationToken cancellationToken)
    {
        var validated = await ClusterValidator.RunAsync(options, cancellationToken);
        if (json)
        {
            await using var output = Console.OpenStandardOutput();
            ValidationJson.Write(validated, output);
        }
        else
        {
            ValidationTable.Write(validated, Console.Out);
        }

        return validated.Findings.Any(static f => f.Level != FindingLevel.Note) ? ExitCode.Found : ExitCode.Answered;
    }
}
