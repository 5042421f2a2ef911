namespace Luminarys.Chaos;

/// <summary>A call as its client saw it. Times are on the client's steady clock.</summary>
/// <param name="Id">Unique; the call's trace in the journal has this name.</param>
/// <param name="Tool">What was called.</param>
/// <param name="InvokedAt">When.</param>
/// <param name="Deadline">How long it may take.</param>
internal sealed record CallRecord(string Id, string Tool, TimeSpan InvokedAt, TimeSpan Deadline)
{
    /// <summary>When the answer came, or the client gave up.</summary>
    public TimeSpan AnsweredAt { get; init; }

    /// <summary>What came.</summary>
    public CallAnswer Answer { get; init; }

    /// <summary>The text that a result must have; null for any.</summary>
    public string? Expected { get; init; }

    public TimeSpan Took => AnsweredAt - InvokedAt;
}
