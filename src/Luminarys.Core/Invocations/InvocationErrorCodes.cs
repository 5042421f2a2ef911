using System.Collections.Frozen;

namespace Luminarys.Invocations;

/// <summary>The errors as the texts that travel on the bus and appear at the edge, such as <c>NODE_LOST</c>.</summary>
public static class InvocationErrorCodes
{
    private static readonly FrozenDictionary<InvocationError, string> s_codes =
        Enum.GetValues<InvocationError>().ToFrozenDictionary(error => error, CodeOf);

    private static readonly FrozenDictionary<string, InvocationError> s_errors =
        s_codes.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The error's code, such as <c>NO_SUCH_SKILL</c>.</summary>
    public static string ToCode(this InvocationError error) => s_codes.GetValueOrDefault(error, "INTERNAL");

    /// <summary>The error of a code; <see cref="InvocationError.Internal"/> for a code that this version does not know.</summary>
    public static InvocationError FromCode(string code) => s_errors.GetValueOrDefault(code, InvocationError.Internal);

    /// <summary>Whether the call has certainly not begun, so that it may be sent again.</summary>
    public static bool IsRetryable(this InvocationError error) => error is
        InvocationError.Busy or InvocationError.Draining or InvocationError.NotServing or InvocationError.NoSuchSkill
        or InvocationError.BusDown or InvocationError.StaleEpoch or InvocationError.WrongInstance;

    private static string CodeOf(InvocationError error)
    {
        var code = new System.Text.StringBuilder();
        foreach (var letter in error.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && code.Length > 0)
            {
                code.Append('_');
            }

            code.Append(char.ToUpperInvariant(letter));
        }

        return code.ToString();
    }
}
