namespace CompileTimeRouting.Roslyn.Models;

/// <summary>The three ways to write a routed method.</summary>
internal enum RoutedForm
{
    /// <summary>SQL in the attribute of a partial method: the whole body is generated.</summary>
    Statement,

    /// <summary>A partial method without SQL: it calls a method of the same name that takes the connection first.</summary>
    Declared,

    /// <summary>A method with a body that takes the connection first: the overload without it is generated.</summary>
    Overload,
}
