using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// What every process that comes of one program carries: a variable, and a limit of an odd height. A child sheds the variable with an empty environment;
/// it sheds the limit only on purpose. The limit is that of real-time processor time, which no ordinary program has, and so high that it limits nothing.
/// </summary>
internal sealed class ProcessMark
{
    /// <summary>Name of the variable.</summary>
    public const string Variable = "LUMINARYS_RUN";

    private const int Size = 16;

    private readonly string _limit;

    private ProcessMark(string name, ulong limit) =>
        (Name, Limit, _limit) = (name, limit, string.Create(CultureInfo.InvariantCulture, $" {limit} "));

    /// <summary>Its random name, the variable's value.</summary>
    public string Name { get; }

    /// <summary>The height of the limit, in microseconds: about 40,000 years.</summary>
    public ulong Limit { get; }

    /// <summary>Makes a new one.</summary>
    public static ProcessMark Make() => Of(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Makes one again from its name; null when that is no name.</summary>
    public static ProcessMark? Find(string name) =>
        name.Length == 2 * Size && name.All(char.IsAsciiHexDigitLower) ? Of(Convert.FromHexString(name)) : null;

    /// <summary>Whether a process carries it.</summary>
    public bool IsOn(in ProcessEntry process) =>
        process.Read("limits").Contains(_limit, StringComparison.Ordinal)
        || process.Read("environ").Split('\0').Contains($"{Variable}={Name}", StringComparer.Ordinal);

    private static ProcessMark Of(byte[] bytes) =>
        new(Convert.ToHexStringLower(bytes), (1UL << 60) + (BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 4));
}
