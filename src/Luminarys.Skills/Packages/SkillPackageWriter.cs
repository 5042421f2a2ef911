using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Luminarys.Skills.Keys;

namespace Luminarys.Skills.Packages;

/// <summary>Makes signed packages.</summary>
public static class SkillPackageWriter
{
    /// <summary>Makes the bytes of a package file.</summary>
    /// <exception cref="ArgumentException">Id, version or descriptor are empty or too long.</exception>
    public static byte[] Write(PackageContent content, SigningKey key, DateTimeOffset signedAt)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(key);
        RefuseIfWrong(content);
        var header = WriteHeader(content, key, signedAt);
        var file = new ArrayBufferWriter<byte>(header.Length + content.Descriptor.Length + content.Module.Length + 256);
        file.Write(PackageFormat.Magic);
        WriteNumber(file, PackageFormat.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(file.GetSpan(sizeof(uint)), (uint)header.Length);
        file.Advance(sizeof(uint));
        file.Write(header);
        var digest = SHA256.HashData([.. PackageFormat.Context, .. file.WrittenSpan]);
        file.Write(key.Sign(digest));
        file.Write(content.Descriptor.Span);
        file.Write(content.Module.Span);
        return file.WrittenSpan.ToArray();
    }

    private static void RefuseIfWrong(PackageContent content)
    {
        if (Encoding.UTF8.GetByteCount(content.Id.Value) is 0 or > PackageFormat.MaxIdLength)
        {
            throw new ArgumentException($"A package id has 1 to {PackageFormat.MaxIdLength} bytes.", nameof(content));
        }

        if (Encoding.UTF8.GetByteCount(content.Version) is 0 or > PackageFormat.MaxVersionLength)
        {
            throw new ArgumentException($"A package version has 1 to {PackageFormat.MaxVersionLength} bytes.", nameof(content));
        }

        if (content.Descriptor.Length is 0 or > PackageFormat.MaxDescriptor || content.Module.IsEmpty)
        {
            throw new ArgumentException($"A package holds a module and a descriptor of at most {PackageFormat.MaxDescriptor} bytes.", nameof(content));
        }
    }

    private static ReadOnlySpan<byte> WriteHeader(PackageContent content, SigningKey key, DateTimeOffset signedAt)
    {
        var header = new ArrayBufferWriter<byte>(512);
        header.Write([PackageFormat.EcdsaP256]);
        header.Write(key.PublicKey.Span);
        BinaryPrimitives.WriteInt64LittleEndian(header.GetSpan(sizeof(long)), signedAt.ToUnixTimeSeconds());
        header.Advance(sizeof(long));
        WriteText(header, content.Id.Value);
        WriteText(header, content.Version);
        WriteSection(header, content.Descriptor.Span);
        WriteSection(header, content.Module.Span);
        return header.WrittenSpan;
    }

    private static void WriteText(ArrayBufferWriter<byte> buffer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteNumber(buffer, (ushort)bytes.Length);
        buffer.Write(bytes);
    }

    private static void WriteSection(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> section)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.GetSpan(sizeof(uint)), (uint)section.Length);
        buffer.Advance(sizeof(uint));
        buffer.Write(SHA256.HashData(section));
    }

    private static void WriteNumber(ArrayBufferWriter<byte> buffer, ushort number)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.GetSpan(sizeof(ushort)), number);
        buffer.Advance(sizeof(ushort));
    }
}
