using CsCheck;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Tests.Transfers.Tunnel;

public sealed class TunnelCodecTests
{
    private static readonly ContentHash s_hash = ContentHash.OfNothing;

    public static TheoryData<object, string> Goldens => new()
    {
        { new TunnelMessage.Open(258, 3), "01|0000000000000102" + "00000000000000000000000000000003" },
        { new TunnelMessage.Resume(1, s_hash), "02|0000000000000001" + s_hash.Hex },
        { new TunnelMessage.Agree(1), "03|0000000000000001" },
        { new TunnelMessage.Mark(1), "05|0000000000000001" },
        { TunnelMessage.Alive.Instance, "06|" },
        { new TunnelMessage.Finish(1, s_hash, true), "07|0000000000000001" + s_hash.Hex + "01" },
        { new TunnelMessage.Done(1, s_hash), "08|0000000000000001" + s_hash.Hex },
        { new TunnelMessage.Abort(TransferFault.NoSpace), "09|06" },
    };

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Write_EachMessage_IsItsGolden(object message, string golden)
    {
        var body = new byte[64];
        var (type, length) = TunnelCodec.Write((TunnelMessage)message, body);

        Assert.Equal(golden, $"{(int)type:x2}|{Convert.ToHexStringLower(body.AsSpan(0, length))}");
        Assert.True(TunnelCodec.TryRead(type, body.AsSpan(0, length), out var read));
        Assert.Equal(message, read);
    }

    [Theory]
    [MemberData(nameof(Goldens))]
    public void TryRead_BodyTooShortOrTooLong_IsRefused(object message, string golden)
    {
        Assert.NotEmpty(golden);
        var body = new byte[64];
        var (type, length) = TunnelCodec.Write((TunnelMessage)message, body);
        for (var other = 0; other < body.Length; other++)
        {
            Assert.Equal(other == length, TunnelCodec.TryRead(type, body.AsSpan(0, other), out _));
        }
    }

    [Fact]
    public void TryRead_NegativePlace_IsRefused()
    {
        Assert.False(TunnelCodec.TryRead(TunnelFrameType.Agree, [0x80, 0, 0, 0, 0, 0, 0, 0], out _));
        Assert.False(TunnelCodec.TryRead(TunnelFrameType.Data, new byte[8], out _));
        Assert.False(TunnelCodec.TryRead((TunnelFrameType)42, [], out _));
    }

    [Fact]
    public void TryRead_AnyBytes_NeverThrows() => Gen.Select(Gen.Byte, Gen.Byte.Array[0, 80]).Sample((type, body) =>
    {
        _ = TunnelCodec.TryRead((TunnelFrameType)type, body, out _);
        return true;
    });

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void TryRead_AbortWithACodeOfNoMeaning_IsAnEndAllTheSame(byte code)
    {
        Assert.True(TunnelCodec.TryRead(TunnelFrameType.Abort, [code], out var message));
        Assert.Equal(new TunnelMessage.Abort(TransferFault.Protocol), message);
    }
}
