using System.CommandLine;
using CompileTimeRouting.Tool.Catalog;
using CompileTimeRouting.Tool.Input;
using Npgsql;

namespace CompileTimeRouting.Tool.Commands;

/// <summary><c>ctr catalog pull</c></summary>
internal sealed class CatalogPullCommand : Command
{
    private const string Setting = "--url";

    private const string About = """
        Writes what a database's functions do, which tables are behind its views, and its rules, triggers, foreign keys,
        unlogged tables, columns and enums. It reads the system catalogs in one read-only transaction, of a primary or a
        standby, and keeps no text of a function, no data and no address. Give the file to the compiler:
        <AdditionalFiles Include="app.routing-catalog.json" />

        Exit status: 0 written; 2 not; 130 interrupted.
        """;

    private readonly Option<string> _url = new(Setting)
    {
        Description = "The database: postgresql:// URL or Npgsql connection string. The password can stay in PGPASSWORD or a passfile.",
        HelpName = "url",
        Required = true,
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = $"The file; its name ends in {CatalogFile.Suffix}. Without it, standard output.",
        HelpName = "file",
    };

    private readonly Option<string[]> _schemas = new("--schemas")
    {
        Description = "Only these schemas, parted by commas or spaces [default: all but the system's].",
        HelpName = "names",
        AllowMultipleArgumentsPerToken = true,
    };

    public CatalogPullCommand()
        : base("pull", About)
    {
        Add(_url);
        Add(_out);
        Add(_schemas);
        Validators.Add(result =>
        {
            if (result.GetValue(_out) is { } file && !file.EndsWith(CatalogFile.Suffix, StringComparison.OrdinalIgnoreCase))
                result.AddError(ConnectionText.IsIn(file) ? ConnectionText.Withheld : $"The analyzers look for *{CatalogFile.Suffix}. Name the file so: --out app{CatalogFile.Suffix}");
        });
        SetAction((parsed, cancellationToken) => PullAsync(parsed.GetValue(_url)!, parsed.GetValue(_out), Schemas(parsed.GetValue(_schemas)), cancellationToken));
    }

    private static string[]? Schemas(string[]? values)
    {
        string[] names = [.. (values ?? []).SelectMany(static v => v.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        return names.Length > 0 ? names : null;
    }

    private static async Task<int> PullAsync(string url, string? file, string[]? schemas, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        if (NodeConnectionString.Read(url, Setting, failures) is not { } settings)
            throw new CommandException(string.Join(Environment.NewLine, failures));
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.ConnectionStringBuilder.ApplicationName ??= "ctr";
        builder.ConnectionStringBuilder.Pooling = false;
        await using var source = builder.Build();
        await using var connection = await ServerConnection.OpenAsync(source, settings, Setting, cancellationToken);
        try
        {
            var catalog = await CatalogPuller.PullAsync(connection, schemas, cancellationToken);
            if (file is null)
            {
                Console.Out.Write(CatalogWriter.Write(catalog));
                return ExitCode.Answered;
            }

            CatalogFile.Write(file, catalog);
            Console.WriteLine($"{file}: {CatalogFile.Summary(catalog)}");
            return ExitCode.Answered;
        }
        catch (NpgsqlException e)
        {
            throw new CommandException($"{ServerConnection.Address(settings)}: the catalogs can't be read: {ServerConnection.Reason(e)}", e);
        }
    }
}
