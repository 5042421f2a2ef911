using Luminarys.Skills.Keys;
using Luminarys.Skills.Packages;

namespace Luminarys.Skills.Tests;

/// <summary>One key and one small package for all tests.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset SignedAt = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static SigningKey Key { get; } = SigningKey.Create();

    public static PackageContent Content { get; } = new(new PackageId("com.example.echo"), "1.2.3", new byte[] { 0x80 }, "\0asm\u0001\0\0\0"u8.ToArray());

    public static byte[] File() => SkillPackageWriter.Write(Content, Key, SignedAt);
}
