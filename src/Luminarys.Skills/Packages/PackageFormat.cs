namespace Luminarys.Skills.Packages;

/// <summary>
/// Numbers of the file format, all little-endian: magic, format version (u16), header length (u32), header, signature, descriptor, module. Nothing
/// may follow. The header holds the algorithm (u8), the public point, the signing time (i64, Unix seconds), package id and version (u16 length, UTF-8), and
/// length (u32) and SHA-256 of descriptor and of module.
/// </summary>
internal static class PackageFormat
{
    public const ushort Version = 1;
    public const byte EcdsaP256 = 1;
    public const int MaxHeader = 4096;
    public const int MaxIdLength = 256;
    public const int MaxVersionLength = 64;

    /// <summary>Largest descriptor: what the runtime reads of a module.</summary>
    public const int MaxDescriptor = 1024 * 1024;

    public static ReadOnlySpan<byte> Magic => "LMSKILL\0"u8;

    /// <summary>Signed before the bytes of the file, so that a signature of anything else is none of a package.</summary>
    public static ReadOnlySpan<byte> Context => "luminarys-skill-v1\0"u8;

    public static int PrefixSize => Magic.Length + sizeof(ushort) + sizeof(uint);
}
