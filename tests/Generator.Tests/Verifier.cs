// Snapshot testing in the call shape of the Verify package: to adopt that one, delete this file.
using System.Runtime.CompilerServices;
using CompileTimeRouting.Generator.Tests;

namespace VerifyXunit;

/// <summary>Compares a text with the file that a person has accepted for the running test.</summary>
public static class Verifier
{
    public static SettingsTask Verify(string target, string extension = "txt") => new(target, extension);
}

/// <summary>A comparison that starts when it is awaited. CTR_ACCEPT_SNAPSHOTS=1 accepts what was received.</summary>
public sealed class SettingsTask(string target, string extension)
{
    private string _directory = "";

    public SettingsTask UseDirectory(string directory)
    {
        _directory = directory;
        return this;
    }

    public TaskAwaiter GetAwaiter() => CompareAsync().GetAwaiter();

    private async Task CompareAsync()
    {
        var directory = Path.Combine(ProjectDirectory.Path, _directory);
        var name = TestContext.Current.TestClass!.TestClassSimpleName + "." + TestContext.Current.TestMethod!.MethodName;
        var verified = Path.Combine(directory, $"{name}.verified.{extension}");
        var received = Path.Combine(directory, $"{name}.received.{extension}");
        var accepted = File.Exists(verified) ? (await File.ReadAllTextAsync(verified)).ReplaceLineEndings("\n") : null;
        if (accepted == target)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(directory);
        if (Environment.GetEnvironmentVariable("CTR_ACCEPT_SNAPSHOTS") == "1")
        {
            File.Delete(received);
            await File.WriteAllTextAsync(verified, target);
            return;
        }

        await File.WriteAllTextAsync(received, target);
        Assert.Fail($"{name} differs from what was accepted. Compare:\n  {received}\n  {verified}\n\nReceived:\n{target}");
    }
}
