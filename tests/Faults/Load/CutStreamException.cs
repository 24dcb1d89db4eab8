namespace CompileTimeRouting.Faults.Load;

/// <summary>
/// A stream broke after its caller had rows of it already. It can't be read again from the start without the caller's
/// knowledge, by anybody.
/// </summary>
internal sealed class CutStreamException(Exception cause) : Exception("The stream broke after its first row.", cause);
