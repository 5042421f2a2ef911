using System.Globalization;
using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>One call of one function: its time, and the words for what fails.</summary>
internal sealed class FileCall(HostCall host, string function, PermissionGate gate, TimeSpan limit)
{
    private const int NoSpace = 28;

    private readonly long _started = host.Time.GetTimestamp();

    /// <summary>Cancelled when the skill's call must end.</summary>
    public CancellationToken Cancellation => host.Cancellation;

    /// <summary>The skill's call.</summary>
    public HostCall Host => host;

    /// <summary>Name of the function.</summary>
    public string Function => function;

    /// <summary>Null while there is time, else what the guest is told.</summary>
    public string? CheckTime() =>
        host.Cancellation.IsCancellationRequested ? "cancelled"
        : host.Time.GetElapsedTime(_started) > limit ? string.Create(CultureInfo.InvariantCulture, $"timeout after {limit.TotalMilliseconds:0} ms")
        : null;

    /// <summary>What the guest is told of a fault; a denial goes to the log.</summary>
    public string Tell(FileFault fault) => gate.Explain(host, function, fault);

    /// <summary>What the guest is told when reading or writing an open file failed. The system's own text may name other paths.</summary>
    public static string Tell(IOException exception) => exception.HResult == NoSpace ? "io: no space left" : "io: the file could not be read or written";
}
