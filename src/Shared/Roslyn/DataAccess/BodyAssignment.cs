using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>A value that a variable gets.</summary>
internal readonly struct BodyAssignment(IOperation value, bool isAppended, int? element = null)
{
    /// <summary>The value; of a <c>foreach</c> variable, the collection.</summary>
    public IOperation Value { get; } = value;

    /// <summary>Whether it is added to what was there: <c>+=</c>.</summary>
    public bool IsAppended { get; } = isAppended;

    /// <summary>Which element of the tuple that the value is; null where it is the whole value.</summary>
    public int? Element { get; } = element;

    public int Position => Value.Syntax.SpanStart;
}
