namespace CompileTimeRouting.Tool.Input;

/// <summary>SQL and where it came from.</summary>
/// <param name="Name">The path as the user would write it, with forward slashes; <see cref="StandardInput"/> has none.</param>
/// <param name="Text">What was in it.</param>
internal sealed record SqlText(string Name, string Text)
{
    public const string StandardInput = "<stdin>";
}
