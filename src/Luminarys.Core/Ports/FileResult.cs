using System.Diagnostics.CodeAnalysis;

namespace Luminarys.Ports;

/// <summary>A value, or why there is none.</summary>
/// <param name="Value">The value; default when there is a fault.</param>
/// <param name="Fault">Why not; null when there is a value.</param>
public readonly record struct FileResult<T>(T? Value, FileFault? Fault)
{
    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsSuccess => Fault is null;

    /// <summary>A result that failed.</summary>
    public static implicit operator FileResult<T>(FileFault fault) => new(default, fault);

    /// <summary>A result with a value.</summary>
    public static implicit operator FileResult<T>(T value) => new(value, null);
}
