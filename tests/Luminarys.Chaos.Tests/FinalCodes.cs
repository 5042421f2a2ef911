namespace Luminarys.Chaos;

/// <summary>What an error says about whether the call ran.</summary>
internal static class FinalCodes
{
    /// <summary>Our name for the protocol error of a tool that is not listed.</summary>
    public const string UnknownTool = "UNKNOWN_TOOL";

    /// <summary>The call may have run, and may not.</summary>
    private static readonly HashSet<string> s_open =
        ["OUTCOME_UNKNOWN", "NODE_LOST", "DEADLINE", "CANCELLED", "CANCELLED_BY_DRAIN", "PAYLOAD_TOO_LARGE", "SKILL_TRAP", "SKILL_LIMIT", "SKILL_ERROR"];

    /// <summary>The call has certainly not begun.</summary>
    private static readonly HashSet<string> s_notBegun =
        [UnknownTool, "BUSY", "DRAINING", "NOT_SERVING", "NO_SUCH_SKILL", "BUS_DOWN", "EXPIRED", "STALE_EPOCH", "WRONG_INSTANCE", "DENIED"];

    public static bool IsOpen(string code) => s_open.Contains(code);

    public static bool SaysNotBegun(string code) => s_notBegun.Contains(code);
}
