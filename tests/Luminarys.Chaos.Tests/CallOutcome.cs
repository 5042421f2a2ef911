namespace Luminarys.Chaos;

/// <summary>What a client got for a call.</summary>
internal enum CallOutcome
{
    /// <summary>Nothing, for as long as it waited.</summary>
    None,

    /// <summary>The skill's result.</summary>
    Result,

    /// <summary>A typed error.</summary>
    Error,

    /// <summary>The front door did not take the call: nobody listened, or it said so before any work.</summary>
    NotTaken,

    /// <summary>The connection broke before an answer came.</summary>
    Broken,

    /// <summary>An answer that is neither a result nor a typed error.</summary>
    Untyped,
}
