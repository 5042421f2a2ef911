namespace Luminarys.Chaos;

/// <summary>A broken promise.</summary>
internal enum ViolationKind
{
    /// <summary>A call without an answer.</summary>
    Lost,

    /// <summary>A call with more than one answer.</summary>
    AnsweredTwice,

    /// <summary>An answer later than the deadline and a second.</summary>
    Late,

    /// <summary>An error without a code, or with one that is not on the list.</summary>
    Untyped,

    /// <summary>The answer of another call.</summary>
    WrongResult,

    /// <summary>A result, but the call did not run.</summary>
    ResultWithoutRun,

    /// <summary>The client was told that the call did not begin, but it ran.</summary>
    RanAfterRefusal,

    /// <summary>One call ran more than once.</summary>
    RanTwice,

    /// <summary>Something ran that nobody called.</summary>
    RanUncalled,

    /// <summary>Two calls with one id: a defect of the test.</summary>
    SameId,
}
