using CompileTimeRouting.Tool.Classification;

namespace CompileTimeRouting.Tool.Output;

/// <summary>One form of the answer.</summary>
internal interface IStatementWriter
{
    void Add(ClassifiedStatement statement);

    void Finish(Tally tally);
}
