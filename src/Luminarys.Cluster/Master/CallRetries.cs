using System.Security.Cryptography;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Master;

/// <summary>When a remote call is sent again.</summary>
internal static class CallRetries
{
    /// <summary>How often a call is sent at most.</summary>
    public const int Attempts = 3;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether the call may be sent again after this answer.</summary>
    /// <param name="error">The answer.</param>
    /// <param name="isIdempotent">Whether running the method twice is as good as once.</param>
    public static bool MayRepeat(InvocationError error, bool isIdempotent) => error switch
    {
        InvocationError.Expired => false,
        _ when HasNotBegun(error) => true,

        // Nobody knows.
        InvocationError.OutcomeUnknown or InvocationError.NodeLost => isIdempotent,
        _ => false,
    };

    /// <summary>Whether the answer says that the call has certainly not begun.</summary>
    public static bool HasNotBegun(InvocationError error) => error
        is InvocationError.Busy or InvocationError.Draining or InvocationError.NotServing or InvocationError.NoSuchSkill
        or InvocationError.StaleEpoch or InvocationError.WrongInstance or InvocationError.BusDown or InvocationError.Expired;

    /// <summary>
    /// What became of a call after one more attempt. That this one has not begun says nothing of an earlier one that may have run.
    /// </summary>
    /// <param name="uncertain">The answer of an earlier attempt that may have run, or null; null before the first.</param>
    /// <param name="answer">The answer of this one.</param>
    public static InvocationResult Outcome(ref InvocationResult? uncertain, InvocationResult answer)
    {
        if (uncertain is { } earlier && HasNotBegun(answer.Error))
        {
            return earlier;
        }

        if (answer.Error is InvocationError.OutcomeUnknown or InvocationError.NodeLost)
        {
            uncertain = answer;
        }

        return answer;
    }

    /// <summary>How long to wait after an attempt: full jitter below a limit that grows fourfold.</summary>
    public static TimeSpan Pause(int attempt) => s_firstPause * Math.Pow(4, attempt - 1) * (RandomNumberGenerator.GetInt32(1, 1001) / 1000.0);
}
