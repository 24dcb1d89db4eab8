namespace CompileTimeRouting.Generator;

/// <summary>The names of the pipeline's steps, by which tests see which of them ran again.</summary>
internal static class TrackingNames
{
    public const string ReadMethods = nameof(ReadMethods);

    public const string WriteMethods = nameof(WriteMethods);

    public const string Statements = nameof(Statements);

    public const string Types = nameof(Types);

    public const string Published = nameof(Published);
}
