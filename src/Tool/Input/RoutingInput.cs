using Microsoft.Extensions.Configuration;

namespace CompileTimeRouting.Tool.Input;

/// <summary>Reads routing options as a host would: JSON files, then the environment; or from arguments alone.</summary>
internal static class RoutingInput
{
    /// <exception cref="CommandException">A file can't be read.</exception>
    public static RoutingOptions FromFiles(IEnumerable<string> files, string section)
    {
        var builder = new ConfigurationBuilder();
        foreach (var file in files)
        {
            if (!File.Exists(file))
                throw new CommandException(ConnectionText.Guard(file, $"{file}: there is no such file."));
            builder.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
        }

        builder.AddEnvironmentVariables();
        try
        {
            return RoutingOptions.FromConfiguration(builder.Build(), section);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            // Not the reader's own words: they can repeat the line.
            throw new CommandException("A configuration file can't be read. It must be JSON, as appsettings.json is.", e);
        }
    }

    public static RoutingOptions FromArguments(string primary, IEnumerable<string> replicas)
    {
        var options = new RoutingOptions { Primary = primary };
        foreach (var replica in replicas)
            options.Replicas.Add(new ReplicaOptions { ConnectionString = replica });
        return options;
    }
}
