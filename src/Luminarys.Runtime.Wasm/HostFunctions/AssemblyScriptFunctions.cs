using System.Globalization;
using System.Security.Cryptography;
using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Runtime.Wasm.Engine;
using Microsoft.Extensions.Logging;
using Wasmtime;
using Caller = Wasmtime.Caller;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>What AssemblyScript's runtime and standard library import beside the host functions.</summary>
internal static class AssemblyScriptFunctions
{
    /// <summary>Defines them.</summary>
    public static void Define(Linker imports, TimeProvider time)
    {
        imports.DefineFunction(GuestAbi.HostModule, "abort", (CallerAction<int, int, int, int>)Abort);
        imports.DefineFunction(GuestAbi.HostModule, "seed", (Func<double>)Seed);
        imports.DefineFunction(GuestAbi.HostModule, "Date.now", () => (double)time.GetUtcNow().ToUnixTimeMilliseconds());
        imports.DefineFunction(GuestAbi.HostModule, "trace", (CallerAction<int, int, double, double, double, double, double>)Trace);
        imports.DefineFunction(GuestAbi.HostModule, "console.assert", (CallerAction<int, int>)Assert);
        DefineConsole(imports, "log", LogLevel.Information);
        DefineConsole(imports, "info", LogLevel.Information);
        DefineConsole(imports, "debug", LogLevel.Debug);
        DefineConsole(imports, "warn", LogLevel.Warning);
        DefineConsole(imports, "error", LogLevel.Error);
        DefineConsole(imports, "time", LogLevel.Debug);
        DefineConsole(imports, "timeLog", LogLevel.Debug);
        DefineConsole(imports, "timeEnd", LogLevel.Debug);
    }

    private static void DefineConsole(Linker imports, string name, LogLevel level) =>
        imports.DefineFunction(GuestAbi.HostModule, $"console.{name}", (CallerAction<int>)((caller, message) => Write(HostCalls.Of(caller), level, message)));

    // An exception of the guest. It cannot be caught there and its shadow stack stays where it was: the instance ends with it.
    private static void Abort(Caller caller, int message, int file, int line, int column)
    {
        var instance = HostCalls.Of(caller);
        var text = Read(instance, message);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{Read(instance, file)}:{line}:{column}");
        throw new GuestFaultException(new(InvocationError.SkillError, text.Length > 0 ? text : "the skill aborted without a message", detail));
    }

    private static double Seed() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) >> 11;

    private static void Trace(Caller caller, int message, int count, double a, double b, double c, double d, double e)
    {
        var instance = HostCalls.Of(caller);
        double[] values = [a, b, c, d, e];
        var shown = string.Join(' ', values.Take(Math.Clamp(count, 0, values.Length)).Select(value => value.ToString(CultureInfo.InvariantCulture)));
        instance.Context.Log.Write(LogLevel.Debug, instance.Current.ToString(), $"{Read(instance, message)} {shown}");
    }

    private static void Assert(Caller caller, int condition, int message)
    {
        if (condition == 0)
        {
            Write(HostCalls.Of(caller), LogLevel.Error, message);
        }
    }

    private static void Write(SkillInstance instance, LogLevel level, int message) =>
        instance.Context.Log.Write(level, instance.Current.ToString(), Read(instance, message));

    private static string Read(SkillInstance instance, int pointer) => instance.Exports.Memory.ReadAssemblyScriptText((uint)pointer);
}
