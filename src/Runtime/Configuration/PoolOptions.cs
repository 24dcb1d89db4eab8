namespace CompileTimeRouting;

/// <summary>
/// The size of each pool of one kind of node. What is null stays as the node's connection string (or Npgsql) has it.
/// </summary>
public sealed class PoolOptions
{
    /// <summary>
    /// The connections a pool keeps open (<c>Minimum Pool Size</c>), from 0 to 10,000. A larger maximum of the connection
    /// string stays; a smaller one is raised to this.
    /// </summary>
    public int? Size { get; set; }

    /// <summary>
    /// The connections a pool may open beyond <see cref="Size"/> when all are in use, from 0 to 10,000; they are closed
    /// again when idle. <c>Maximum Pool Size</c> = size + overflow. 0 makes <see cref="Size"/> the maximum.
    /// </summary>
    public int? MaxOverflow { get; set; }

    /// <summary>
    /// How long to wait for a connection, whether a free one of the pool or a new one (<c>Timeout</c>): more than zero, at
    /// most 1,024 seconds; a part of a second counts as a whole one. A call that tries several nodes waits that long in all.
    /// </summary>
    public TimeSpan? Timeout { get; set; }
}
