using CsCheck;
using Luminarys.Nodes;

namespace Luminarys.Core.Tests.Nodes;

public sealed class InstanceIdTests
{
    private static readonly Gen<byte[]> s_bytes = Gen.Byte.Array[InstanceId.Size];

    [Fact]
    public void Write_AfterRead_GivesTheSameBytes() => s_bytes.Sample(bytes =>
    {
        var written = new byte[InstanceId.Size];
        InstanceId.Read(bytes).Write(written);
        return bytes.AsSpan().SequenceEqual(written);
    });

    [Fact]
    public void ToString_AnyId_IsTheBytesInLowerCaseHexadecimal() => s_bytes.Sample(bytes =>
        InstanceId.Read(bytes).ToString() == Convert.ToHexStringLower(bytes));

    [Fact]
    public void ToString_SmallNumber_KeepsLeadingZeros() =>
        Assert.Equal("00000000000000000000000000000001", new InstanceId(1).ToString());

    [Fact]
    public void Read_KnownBytes_IsBigEndian() =>
        Assert.Equal(new InstanceId(0x0102), InstanceId.Read([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]));

    [Fact]
    public void Read_TooFewBytes_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => InstanceId.Read(new byte[InstanceId.Size - 1]));

    [Fact]
    public void Write_TooSmallDestination_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new InstanceId(7).Write(new byte[InstanceId.Size - 1]));

    [Fact]
    public void New_ManyTimes_NeverRepeats() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => InstanceId.New()).Distinct().Count());
}
