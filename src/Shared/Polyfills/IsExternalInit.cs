#if NETSTANDARD2_0
namespace System.Runtime.CompilerServices;

/// <summary>Lets the compiler emit init accessors and records for netstandard2.0, which lacks the type.</summary>
internal static class IsExternalInit;
#endif
