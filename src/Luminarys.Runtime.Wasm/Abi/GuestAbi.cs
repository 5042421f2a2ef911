namespace Luminarys.Runtime.Wasm.Abi;

/// <summary>Names and numbers that host and guest agree on.</summary>
internal static class GuestAbi
{
    public const int Version = 1;

    public const string Memory = "memory";
    public const string Alloc = "skill_alloc";
    public const string Free = "skill_free";
    public const string Handle = "skill_handle";
    public const string Describe = "skill_describe";
    public const string Initialize = "_initialize";
    public const string Start = "_start";

    public const string HostModule = "env";
    public const string WasiModule = "wasi_snapshot_preview1";

    /// <summary>Largest message in either direction, in bytes.</summary>
    public const int MaxMessage = 16 * 1024 * 1024;

    /// <summary>Values in one request to a host function: each becomes an object that is many times larger than the byte it may come from.</summary>
    public const int MaxRequestValues = 262_144;

    /// <summary>Largest descriptor, in bytes: read into objects it takes many times its size.</summary>
    public const int MaxDescriptor = 1024 * 1024;

    /// <summary>Largest state that is kept, in bytes.</summary>
    public const int MaxState = 1024 * 1024;

    /// <summary>The AssemblyScript SDK copies requests into a static area of this size without a bound check.</summary>
    public const int AssemblyScriptScratch = 512 * 1024;

    /// <summary>Pointer and length as one number, the form of every result.</summary>
    public static long Pack(uint pointer, int length) => (long)(((ulong)pointer << 32) | (uint)length);

    /// <summary>The pointer of a packed result.</summary>
    public static uint Pointer(long packed) => (uint)((ulong)packed >> 32);

    /// <summary>The length of a packed result.</summary>
    public static uint Length(long packed) => (uint)packed;
}
