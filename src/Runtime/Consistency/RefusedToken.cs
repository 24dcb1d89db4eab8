namespace CompileTimeRouting;

/// <summary>Why a token isn't taken: see <see cref="RoutedDataSource.BeginSessionForRefusedToken"/>.</summary>
public enum RefusedToken
{
    /// <summary>It is no token, or cut off.</summary>
    Malformed = 0,

    /// <summary>It isn't protected by a key of this application.</summary>
    Forged = 1,

    /// <summary>Its time is over.</summary>
    Expired = 2,
}
