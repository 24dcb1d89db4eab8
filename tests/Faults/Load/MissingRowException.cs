namespace CompileTimeRouting.Faults.Load;

/// <summary>A row that every server had before the load began was not there.</summary>
internal sealed class MissingRowException(long id) : Exception($"The row {id} is missing.");
