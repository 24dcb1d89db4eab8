namespace CompileTimeRouting.AspNetCore.Tests.Hosting;

/// <summary>The time, ahead of what it is. Whoever measures with it finds that it has passed.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Shift.TotalSeconds * TimestampFrequency);
}
