using CsCheck;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Skills.Descriptors;

namespace Luminarys.Runtime.Wasm.Tests.Abi;

public sealed class GuestCodecTests
{
    [Fact]
    public void TryReadResponse_EverythingSet_IsRead()
    {
        var response = Read("86a776657273696f6e01a57374617465c40101a77061796c6f6164c40102a56572726f72a165ab6c6c6d5f636f6e74657874a163a8636f6d6d616e64739181a474797065a178");

        Assert.Equal([1], response.State.ToArray());
        Assert.Equal([2], response.Payload.ToArray());
        Assert.Equal("e", response.Error);
        Assert.Equal("c", response.LlmContext);
        Assert.Single(CommandCodec.Read(response.Commands, Assert.Fail));
    }

    [Theory]
    [InlineData("82a57374617465c0a77061796c6f6164c0", "")] // nil for empty, as Go writes it
    [InlineData("81a77061796c6f6164a14d", "4d")] // text where bytes are expected
    [InlineData("81a77061796c6f616493014dccff", "014dff")] // a list of small numbers, as a naive Rust guest writes bytes
    [InlineData("82a4776861749101a77061796c6f6164c4014d", "4d")] // unknown keys are skipped
    [InlineData("820102a77061796c6f6164c4014d", "4d")] // and keys that are not text
    public void TryReadResponse_LooseForms_AreAccepted(string hex, string payload) =>
        Assert.Equal(payload, Convert.ToHexStringLower(Read(hex).Payload.Span));

    [Fact]
    public void TryReadResponse_TextAsBytesAndBadUtf8_IsReadAsText() => Assert.Equal("a\ufffd", Read("81a56572726f72c40261ff").Error);

    [Theory]
    [InlineData("90", "not a map")]
    [InlineData("81", "a length exceeds the message")]
    public void TryReadResponse_Malformed_SaysWhy(string hex, string fault)
    {
        Assert.False(GuestCodec.TryReadResponse(Convert.FromHexString(hex), out _, out var said));
        Assert.Equal(fault, said);
    }

    [Fact]
    public void TryRead_AnyBytes_NeverThrows() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        GuestCodec.TryReadResponse(bytes, out _, out _);
        DescriptorCodec.TryRead(bytes, [], out _, out _);
    });

    [Fact]
    public void TryRead_DamagedMessage_NeverThrows()
    {
        var sound = Convert.FromHexString(
            "83a8736b696c6c5f6964a174a76d6574686f64739184a46e616d65a16da6706172616d739183a46e616d65a170a474797065a56172726179a56974656d73"
            + "81a464656661756c740aac6d63705f68696464656ec3a464657363a178ac726571756972656d656e74739182a46b696e64a26673a46d6f6465a2726f");
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte).Array[1, 4].Sample(changes =>
        {
            var damaged = (byte[])sound.Clone();
            foreach (var (at, value) in changes)
            {
                damaged[at] = value;
            }

            DescriptorCodec.TryRead(damaged, [], out _, out _);
            GuestCodec.TryReadResponse(damaged, out _, out _);
        });
    }

    private static GuestResponse Read(string hex)
    {
        Assert.True(GuestCodec.TryReadResponse(Convert.FromHexString(hex), out var response, out var fault), fault);
        return response;
    }
}
