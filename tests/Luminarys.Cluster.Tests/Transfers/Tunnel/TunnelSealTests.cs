using Luminarys.Cluster.Transfers;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Tests.Transfers.Tunnel;

public sealed class TunnelSealTests
{
    public static TheoryData<bool> Both => [true, false];

    [Theory]
    [MemberData(nameof(Both))]
    public void T5_AnyByteOfAMessageAltered_DoesNotOpen(bool encrypts)
    {
        var length = Closed(Seals(encrypts, TransferRole.Source), Message()).Bytes.Length;
        for (var at = TunnelLimits.Prefix; at < length; at++)
        {
            var frame = Closed(Seals(encrypts, TransferRole.Source), Message());
            frame.Bytes.Span[at] ^= 1;

            var seal = Seals(encrypts, TransferRole.Sink).In;

            // One altered byte makes a message a part of the file: those are confirmed when they have been hashed.
            Assert.False(seal.TryOpen(frame) && !(frame.IsData && !seal.Confirms(Hashed(frame))));
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void T5_AnyByteOfDataAltered_IsNotConfirmed(bool encrypts)
    {
        var length = Closed(Seals(encrypts, TransferRole.Source), Data()).Bytes.Length;
        for (var at = TunnelLimits.Prefix + 1; at < length; at++)
        {
            var frame = Closed(Seals(encrypts, TransferRole.Source), Data());
            frame.Bytes.Span[at] ^= 1;
            var seal = Seals(encrypts, TransferRole.Sink).In;

            Assert.False(seal.TryOpen(frame) && Hashed(frame) is { } hashed && seal.Confirms(hashed));
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void T5_DataOfTheRightKind_Opens(bool encrypts)
    {
        var frame = Closed(Seals(encrypts, TransferRole.Source), Data());
        var seal = Seals(encrypts, TransferRole.Sink).In;

        Assert.True(seal.TryOpen(frame));
        Assert.True(seal.Confirms(Hashed(frame)));
        Assert.Equal("hello"u8, frame.Content.Span);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void T5_FrameRepeatedDroppedOrMoved_DoesNotOpen(bool encrypts)
    {
        var sender = Seals(encrypts, TransferRole.Source);
        byte[][] frames = [.. Enumerable.Range(0, 3).Select(_ => Closed(sender, Message()).Bytes.ToArray())];

        Assert.Equal([true, true, true], Open(0, 1, 2));
        Assert.Equal([true, false, false], Open(0, 0, 1));
        Assert.Equal([true, false], Open(0, 2));
        Assert.Equal([false, false], Open(1, 0));

        bool[] Open(params int[] order)
        {
            var seal = Seals(encrypts, TransferRole.Sink).In;
            return [.. order.Select(index => seal.TryOpen(Copy(frames[index])))];
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void T5_FrameSentBackToItsSender_DoesNotOpen(bool encrypts)
    {
        var frame = Closed(Seals(encrypts, TransferRole.Source), Message());

        Assert.False(Seals(encrypts, TransferRole.Source).In.TryOpen(frame));
    }

    [Fact]
    public void T8_Data_ShowsNothingOfTheFile()
    {
        var frame = Closed(Seals(encrypts: true, TransferRole.Source), Data());

        Assert.Equal(-1, frame.Bytes.Span.IndexOf("hello"u8));
    }

    private static TunnelSeals Seals(bool encrypts, TransferRole self) =>
        encrypts ? TunnelSeals.Encrypted(TunnelKeys.Derive(new byte[32], new byte[32]), self) : TunnelSeals.Plain(self);

    private static TunnelFrame Message()
    {
        var frame = new TunnelFrame(TunnelLimits.MaxSmallFrame);
        frame.SetMessage(new TunnelMessage.Mark(1234));
        return frame;
    }

    private static TunnelFrame Data()
    {
        var frame = new TunnelFrame(TunnelLimits.MaxSmallFrame);
        "hello"u8.CopyTo(frame.Room.Span);
        frame.SetData(0, 5);
        return Hashed(frame);
    }

    private static TunnelFrame Hashed(TunnelFrame frame)
    {
        System.Security.Cryptography.SHA256.HashData(frame.Content.Span, frame.HashSoFar);
        return frame;
    }

    private static TunnelFrame Closed(TunnelSeals seals, TunnelFrame frame)
    {
        seals.Out.Close(frame);
        return frame;
    }

    private static TunnelFrame Copy(byte[] bytes)
    {
        var frame = new TunnelFrame(TunnelLimits.MaxSmallFrame);
        Assert.True(frame.ReadAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken).AsTask().IsCompletedSuccessfully);
        return frame;
    }
}
