using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers;

/// <summary>The finder of a compilation, which all analyzers ask, so that each body is read once.</summary>
internal static class SharedFinder
{
    private static readonly ConditionalWeakTable<Compilation, Entry> PerCompilation = new();

    /// <param name="known">The symbols of the compilation.</param>
    /// <param name="files">The additional files of its analysis.</param>
    /// <param name="cancellationToken">Cancels the reading of the files.</param>
    public static EffectFinder For(KnownSymbols known, ImmutableArray<AdditionalText> files, CancellationToken cancellationToken)
    {
        var entry = PerCompilation.GetValue(known.Compilation, static _ => new Entry());
        lock (entry)
        {
            // A host may analyze one compilation with other additional files.
            if (entry.Finder is not { } finder || entry.Files != files)
            {
                entry.Finder = finder = new EffectFinder(known, CatalogFiles.Read(files, cancellationToken));
                entry.Files = files;
            }

            return finder;
        }
    }

    private sealed class Entry
    {
        public EffectFinder? Finder { get; set; }

        public ImmutableArray<AdditionalText> Files { get; set; }
    }
}
