using System.Buffers;
using CsCheck;
using Luminarys.Skills.Messages;
using MessagePack;

namespace Luminarys.Skills.Tests.Messages;

public sealed class MessageGuardTests
{
    [Theory]
    [InlineData("", "truncated or not MessagePack")]
    [InlineData("c1", "truncated or not MessagePack")]
    [InlineData("c4", "truncated or not MessagePack")]
    [InlineData("d6ff00000000", "truncated or not MessagePack")]
    [InlineData("c70001", "truncated or not MessagePack")]
    [InlineData("8000", "bytes after the end")]
    [InlineData("a561", "a length exceeds the message")]
    [InlineData("c6ffffffff", "a length exceeds the message")]
    [InlineData("ddffffffff", "a length exceeds the message")]
    [InlineData("dfffffffff", "a length exceeds the message")]
    [InlineData("cb00", "a length exceeds the message")]
    public void FindFault_BrokenMessage_NamesTheFault(string hex, string fault) =>
        Assert.Equal(fault, MessageGuard.FindFault(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("80")]
    [InlineData("c0")]
    [InlineData("de0001a16101")]
    [InlineData("df00000001a161dc00020102")]
    [InlineData("9accffcdffffceffffffffcfffffffffffffffffd0ffd1ffffd2ffffffffd3ffffffffffffffffca00000000cb0000000000000000")]
    [InlineData("95d90161da000161db0000000161c40161c5000161")]
    public void FindFault_SoundMessage_IsNull(string hex) => Assert.Null(MessageGuard.FindFault(Convert.FromHexString(hex)));

    [Fact]
    public void FindFault_Depth_EndsAtTheLimit()
    {
        Assert.Null(MessageGuard.FindFault(Nested(MessageGuard.MaxDepth)));
        Assert.Equal("nested deeper than 32 levels", MessageGuard.FindFault(Nested(MessageGuard.MaxDepth + 1)));
        Assert.NotNull(MessageGuard.FindFault(Nested(100_000)));
    }

    [Fact]
    public void FindFault_AnyBytes_AgreesWithAReaderAboutTheEnd() => Gen.Byte.Array[0, 64].Sample(bytes =>
    {
        if (MessageGuard.FindFault(bytes) is null)
        {
            var reader = new MessagePackReader(bytes);
            reader.Skip();
            Assert.True(reader.End);
        }
    });

    [Fact]
    public void FindFault_WhatAWriterWrites_IsSound() =>
        Gen.Select(Gen.String, Gen.Long, Gen.Double, Gen.Byte.Array).Array.Sample(values =>
        {
            var buffer = new ArrayBufferWriter<byte>();
            var writer = new MessagePackWriter(buffer);
            writer.WriteMapHeader(values.Length);
            foreach (var (text, integer, number, bytes) in values)
            {
                writer.Write(text);
                writer.WriteArrayHeader(3);
                writer.Write(integer);
                writer.Write(number);
                writer.Write(bytes);
            }

            writer.Flush();
            Assert.Null(MessageGuard.FindFault(buffer.WrittenSpan));
        });

    private static byte[] Nested(int depth) => [.. Enumerable.Repeat((byte)0x91, depth), 0xc0];
}
