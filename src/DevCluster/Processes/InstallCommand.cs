using System.Globalization;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>The command that installs PostgreSQL on this machine.</summary>
internal static class InstallCommand
{
    private const int Newest = 18;

    public static string For(int? major)
    {
        var version = (major ?? Newest).ToString(CultureInfo.InvariantCulture);
        if (OperatingSystem.IsWindows())
            return $"winget install --exact --id PostgreSQL.PostgreSQL.{version}";
        if (OperatingSystem.IsMacOS())
            return $"brew install postgresql@{version}";
        var command = Command.Find("apt-get") is not null ? $"apt-get install -y postgresql{(major is null ? "" : "-" + version)}"
            : Command.Find("dnf") is not null ? $"dnf install -y postgresql{(major is null ? "" : version)}-server"
            : Command.Find("apk") is not null ? $"apk add postgresql{version}"
            : Command.Find("zypper") is not null ? $"zypper install -y postgresql{version}-server"
            : Command.Find("pacman") is not null ? "pacman -S --noconfirm postgresql"
            : null;
        if (command is null)
            return "see https://www.postgresql.org/download/";
        return Environment.IsPrivilegedProcess ? command : "sudo " + command;
    }
}
