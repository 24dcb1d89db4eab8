namespace CompileTimeRouting.Sql;

/// <summary>What an effect means on a hot standby.</summary>
internal enum SqlEffectImpact : byte
{
    /// <summary>The standby raises an error.</summary>
    Refused,

    /// <summary>The standby accepts it, but what it does is lost there, or stays in the session.</summary>
    BelongsOnPrimary,

    /// <summary>The text doesn't tell.</summary>
    Unknown,
}
