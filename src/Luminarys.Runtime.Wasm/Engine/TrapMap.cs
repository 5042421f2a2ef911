using Luminarys.Invocations;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>The one place where exceptions of the engine become errors of calls.</summary>
internal static class TrapMap
{
    /// <summary>Translates what came out of a call into a guest.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="lastWords">What the guest wrote to its error stream during the call.</param>
    /// <param name="memoryFull">Whether the guest has grown its memory to nearly its limit.</param>
    public static GuestFault ToFault(Exception exception, string lastWords, bool memoryFull)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case GuestFaultException { Fault: var fault }:
                    return fault;
                case TrapException trap:
                    return OfTrap(trap, lastWords, memoryFull);
                case WasmtimeException { ExitCode: { } code }:
                    return OfExit(code, lastWords);
            }
        }

        return exception is WasmtimeException
            ? new(InvocationError.SkillTrap, "the skill could not run", exception.Message)
            : new(InvocationError.Internal, "the host failed; its log says more", exception.ToString());
    }

    /// <summary>Translates what came out of instantiating a module, before any of its code ran.</summary>
    public static GuestFault ToStartFault(Exception exception, string lastWords, int memoryMegabytes)
    {
        if (exception is not WasmtimeException { InnerException: null, ExitCode: null } || exception is TrapException)
        {
            return ToFault(exception, lastWords, memoryFull: false);
        }

        var firstLine = FirstLine(exception.Message);
        return firstLine.Contains("exceeds memory limits", StringComparison.Ordinal)
            ? new(InvocationError.SkillLimit, $"the module needs more memory than its limit of {memoryMegabytes} MiB ({firstLine}); raise limits.memory_mb", "")
            : new(InvocationError.SkillTrap, firstLine, exception.Message);
    }

    /// <summary>First line of the message about a module that does not compile.</summary>
    public static string ToCompileError(Exception exception)
    {
        var cause = exception.Message.LastIndexOf("Caused by:", StringComparison.Ordinal);
        return cause < 0 ? FirstLine(exception.Message) : FirstLine(exception.Message[(cause + "Caused by:".Length)..]);
    }

    private static GuestFault OfTrap(TrapException trap, string lastWords, bool memoryFull)
    {
        if (trap.Type == TrapCode.StackOverflow)
        {
            return new(InvocationError.SkillLimit, "the skill's stack overflowed", trap.Message);
        }

        if (PanicText.IsOutOfMemory(lastWords) || (trap.Type == TrapCode.Unreachable && lastWords.Length == 0 && memoryFull))
        {
            return new(InvocationError.SkillLimit, "the skill ran out of memory", trap.Message);
        }

        return PanicText.Find(lastWords) is { } panic
            ? new(InvocationError.SkillTrap, $"skill panicked: {panic}", trap.Message)
            : new(InvocationError.SkillTrap, $"the skill trapped: {Describe(trap.Type)}", trap.Message);
    }

    private static GuestFault OfExit(int code, string lastWords)
    {
        if (PanicText.IsOutOfMemory(lastWords))
        {
            return new(InvocationError.SkillLimit, "the skill ran out of memory", $"exit code {code}");
        }

        return PanicText.Find(lastWords) is { } panic
            ? new(InvocationError.SkillTrap, $"skill panicked: {panic}", $"exit code {code}")
            : new(InvocationError.SkillTrap, $"the skill ended itself with exit code {code}");
    }

    private static string Describe(TrapCode code) => code switch
    {
        TrapCode.Unreachable => "unreachable instruction",
        TrapCode.MemoryOutOfBounds => "memory access out of bounds",
        TrapCode.TableOutOfBounds => "table access out of bounds",
        TrapCode.IndirectCallToNull => "call of an empty table entry",
        TrapCode.BadSignature => "indirect call with a wrong type",
        TrapCode.IntegerOverflow => "integer overflow",
        TrapCode.IntegerDivisionByZero => "division by zero",
        TrapCode.BadConversionToInteger => "number does not fit an integer",
        _ => code.ToString(),
    };

    private static string FirstLine(string text)
    {
        var trimmed = text.AsSpan().Trim();
        var end = trimmed.IndexOf('\n');
        return (end < 0 ? trimmed : trimmed[..end]).TrimEnd().ToString();
    }
}
