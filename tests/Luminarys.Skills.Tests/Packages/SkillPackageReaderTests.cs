using System.Buffers.Binary;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Packages;

namespace Luminarys.Skills.Tests.Packages;

public sealed class SkillPackageReaderTests
{
    [Fact]
    public void Write_IdOrVersionOfTooManyBytes_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Write(Samples.Content with { Id = new PackageId(new string('é', 129)) }));
        Assert.Throws<ArgumentException>(() => Write(Samples.Content with { Version = new string('é', 33) }));
        Assert.True(SkillPackageReader.Read(Write(Samples.Content with { Id = new PackageId(new string('é', 128)), Version = new string('é', 32) })).IsSuccess);

        static byte[] Write(PackageContent content) => SkillPackageWriter.Write(content, Samples.Key, Samples.SignedAt);
    }

    private const int HeaderLengthAt = 10;

    [Fact]
    public void Read_WrittenPackage_GivesEverythingBack()
    {
        var package = SkillPackageReader.Read(Samples.File()).Package!;

        Assert.Equal(Samples.Content.Id, package.Content.Id);
        Assert.Equal("1.2.3", package.Content.Version);
        Assert.Equal(Samples.Content.Descriptor.ToArray(), package.Content.Descriptor.ToArray());
        Assert.Equal(Samples.Content.Module.ToArray(), package.Content.Module.ToArray());
        Assert.Equal(Samples.Key.Id, package.Key);
        Assert.Equal(Samples.Key.PublicKey.ToArray(), package.PublicKey.ToArray());
        Assert.Equal(Samples.SignedAt, package.SignedAt);
        Assert.Equal(PackageDigest.Of(Samples.Content.Module.Span), package.Digest);
    }

    [Fact]
    public void K1_Read_AnyBitOfAnyByteFlipped_IsRefused()
    {
        var file = Samples.File();
        for (var i = 0; i < file.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                file[i] ^= (byte)(1 << bit);
                var result = SkillPackageReader.Read(file);
                Assert.False(result.IsSuccess, $"byte {i}, bit {bit}");
                Assert.NotEmpty(result.Fault!);
                file[i] ^= (byte)(1 << bit);
            }
        }

        Assert.True(SkillPackageReader.Read(file).IsSuccess);
    }

    [Fact]
    public void K1_Read_CutAtEveryLength_IsRefused()
    {
        var file = Samples.File();
        for (var length = 0; length < file.Length; length++)
        {
            Assert.False(SkillPackageReader.Read(file.AsMemory(0, length)).IsSuccess, $"length {length}");
        }
    }

    [Fact]
    public void K1_Read_BytesAfterTheEnd_IsRefused()
    {
        Assert.Contains("after its end", SkillPackageReader.Read((byte[])[.. Samples.File(), 0]).Fault!, StringComparison.Ordinal);
    }

    [Fact]
    public void K1_Read_OtherValueOfTheSignature_IsRefused()
    {
        var file = Samples.File();
        var signature = file.AsSpan(SignatureOf(file), PackageSignature.Size);
        Mirror(signature[32..]);

        Assert.Contains("signature is not valid", SkillPackageReader.Read(file).Fault!, StringComparison.Ordinal);

        Mirror(signature[32..]);
        Assert.True(SkillPackageReader.Read(file).IsSuccess);
    }

    [Fact]
    public void K1_Read_SectionOfAnotherPackageOfTheSameKey_IsRefused()
    {
        var other = SkillPackageWriter.Write(Samples.Content with { Module = "\0asm\u0001\0\0\u0001"u8.ToArray() }, Samples.Key, Samples.SignedAt);
        var file = Samples.File();
        other.AsSpan(^8..).CopyTo(file.AsSpan(^8..));

        Assert.Contains("not what was signed", SkillPackageReader.Read(file).Fault!, StringComparison.Ordinal);
    }

    [Fact]
    public void K1_Read_KeyExchangedForAnother_IsRefused()
    {
        using var other = SigningKey.Create();
        var file = Samples.File();
        other.PublicKey.Span.CopyTo(file.AsSpan(PackageFormat.PrefixSize + 1));

        Assert.Contains("signature is not valid", SkillPackageReader.Read(file).Fault!, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HeaderLengthBeyondTheLimit_IsRefusedBeforeItIsRead()
    {
        var file = Samples.File();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(HeaderLengthAt), uint.MaxValue);

        Assert.Contains("header is too long", SkillPackageReader.Read(file).Fault!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("LMSKILL")]
    [InlineData("PK\u0003\u0004 a zip file")]
    public void Read_SomethingElse_SaysSo(string content)
    {
        Assert.Contains("not a skill package", SkillPackageReader.Read(System.Text.Encoding.UTF8.GetBytes(content)).Fault!, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ManySignatures_AllHaveTheLowValue()
    {
        for (var i = 0; i < 64; i++)
        {
            Assert.True(SkillPackageReader.Read(Samples.File()).IsSuccess);
        }
    }

    [Fact]
    public void Write_WithoutWhatAPackageNeeds_Throws()
    {
        Assert.Throws<ArgumentException>(() => SkillPackageWriter.Write(Samples.Content with { Id = new PackageId("") }, Samples.Key, Samples.SignedAt));
        Assert.Throws<ArgumentException>(() => SkillPackageWriter.Write(Samples.Content with { Version = "" }, Samples.Key, Samples.SignedAt));
        Assert.Throws<ArgumentException>(() => SkillPackageWriter.Write(Samples.Content with { Module = default }, Samples.Key, Samples.SignedAt));
        Assert.Throws<ArgumentException>(() => SkillPackageWriter.Write(Samples.Content with { Descriptor = default }, Samples.Key, Samples.SignedAt));
    }

    [Fact]
    public void K1_Read_WithoutADefence_TakesWhatItRefuses()
    {
        var file = Samples.File();
        file[SignatureOf(file)] ^= 1;
        Assert.False(SkillPackageReader.Read(file).IsSuccess);
        Assert.True(SkillPackageReader.Read(file, new() { ChecksSignatures = false }).IsSuccess);

        file = Samples.File();
        file[^1] ^= 1;
        Assert.False(SkillPackageReader.Read(file).IsSuccess);
        Assert.True(SkillPackageReader.Read(file, new() { ChecksDigests = false }).IsSuccess);

        file = [.. Samples.File(), 0];
        Assert.False(SkillPackageReader.Read(file).IsSuccess);
        Assert.True(SkillPackageReader.Read(file, new() { RefusesTrailingBytes = false }).IsSuccess);
    }

    private static int SignatureOf(byte[] file) =>
        PackageFormat.PrefixSize + (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(HeaderLengthAt));

    // n - s: as valid as s for the mathematics.
    private static void Mirror(Span<byte> half)
    {
        var order = new System.Numerics.BigInteger(
            Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);
        var mirrored = (order - new System.Numerics.BigInteger(half, isUnsigned: true, isBigEndian: true)).ToByteArray(isUnsigned: true, isBigEndian: true);
        half.Clear();
        mirrored.CopyTo(half[^mirrored.Length..]);
    }
}
