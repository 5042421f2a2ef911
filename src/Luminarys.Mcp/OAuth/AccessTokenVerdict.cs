namespace Luminarys.Mcp.OAuth;

/// <summary>What became of an access token.</summary>
/// <param name="Identity">Its bearer; null when it is not accepted.</param>
/// <param name="Problem">Why not, in words for the client and the log that hold nothing of the token.</param>
internal readonly record struct AccessTokenVerdict(EdgeIdentity? Identity, string Problem)
{
    /// <summary>Nothing is wrong with the token as far as anybody can say: the issuer's keys are not to be had.</summary>
    public bool IsUnavailable { get; init; }

    /// <summary>The issuer made the token, and it was good once: its bearer is no stranger who guesses.</summary>
    public bool IsExpired { get; init; }
}
