using System.Buffers;
using System.Text.Json;
using CsCheck;
using MessagePack;

namespace Luminarys.Mcp.Results;

public sealed class ValueRendererTests
{
    private delegate void Write(ref MessagePackWriter writer);

    [Theory]
    [InlineData("", "")]
    [InlineData("c0", "")]
    [InlineData("a0", "")]
    [InlineData("a3c3a40a", "ä\n")]
    [InlineData("a2ff61", "\ufffda")]
    [InlineData("2a", "42")]
    [InlineData("ff", "-1")]
    [InlineData("d30000000000000005", "5")]
    [InlineData("cfffffffffffffffff", "18446744073709551615")]
    [InlineData("d38000000000000000", "-9223372036854775808")]
    [InlineData("cb4004000000000000", "2.5")]
    [InlineData("cb4008000000000000", "3")]
    [InlineData("ca40200000", "2.5")]
    [InlineData("c3", "true")]
    [InlineData("c403616263", "abc")]
    [InlineData("c402ff00", "/wA=")]
    [InlineData("cb7ff8000000000000", "\"NaN\"")]
    public void Render_Scalar_IsText(string hex, string text)
    {
        Assert.Null(ValueRenderer.TryRender(Convert.FromHexString(hex), bareArrays: false, out var value));

        Assert.Equal(text, value.Text);
        Assert.Null(value.Structured);
    }

    [Theory]
    [InlineData("80", "{}", "{}")]
    [InlineData("90", "[]", """{"items":[]}""")]
    [InlineData("81a16101", """{"a":1}""", """{"a":1}""")]
    [InlineData("82a16190a162c0", """{"a":[],"b":null}""", """{"a":[],"b":null}""")]
    [InlineData("9201a178", """[1,"x"]""", """{"items":[1,"x"]}""")]
    [InlineData("8205c3ff02", """{"5":true,"-1":2}""", """{"5":true,"-1":2}""")]
    [InlineData("91c40161", """["a"]""", """{"items":["a"]}""")]
    [InlineData("91c401ff", """["/w=="]""", """{"items":["/w=="]}""")]
    [InlineData("91a1ff", """["REPL"]""", """{"items":["REPL"]}""")]
    public void Render_MapOrArray_IsCompactJsonAndStructured(string hex, string text, string structured)
    {
        text = text.Replace("REPL", "\ufffd", StringComparison.Ordinal);
        structured = structured.Replace("REPL", "\ufffd", StringComparison.Ordinal);

        Assert.Null(ValueRenderer.TryRender(Convert.FromHexString(hex), bareArrays: false, out var value));

        Assert.Equal(text, value.Text);
        Assert.Equal(structured, value.Structured!.Value.GetRawText());
    }

    [Theory]
    [InlineData("c1", "it holds an extension type")]
    [InlineData("d40100", "it holds an extension type")]
    [InlineData("d6ff00000000", "it holds an extension type")]
    [InlineData("91d40100", "it holds an extension type")]
    [InlineData("81c001", "it holds a map whose keys are not text")]
    [InlineData("819001", "it holds a map whose keys are not text")]
    [InlineData("0101", "bytes follow it")]
    [InlineData("c0c0", "bytes follow it")]
    [InlineData("a5616263", "it is not valid MessagePack")]
    [InlineData("92", "it is not valid MessagePack")]
    [InlineData("ddffffffff", "it is not valid MessagePack")]
    [InlineData("dfffffffff", "it is not valid MessagePack")]
    [InlineData("dbffffffff", "it is not valid MessagePack")]
    [InlineData("c6ffffffff", "it is not valid MessagePack")]
    [InlineData("cf01", "it is not valid MessagePack")]
    public void Render_BadBytes_AreAProblem(string hex, string problem) =>
        Assert.Equal(problem, ValueRenderer.TryRender(Convert.FromHexString(hex), bareArrays: false, out _));

    [Theory]
    [InlineData(0x91)]
    [InlineData(0x81)]
    public void Render_Nesting_EndsAt32Levels(byte container)
    {
        byte[] Nested(int levels) => [.. Enumerable.Repeat(container == 0x81 ? new byte[] { 0x81, 0xa0 } : [container], levels).SelectMany(b => b), 0xc0];

        Assert.Null(ValueRenderer.TryRender(Nested(32), bareArrays: false, out _));
        Assert.Equal("it is nested too deeply", ValueRenderer.TryRender(Nested(33), bareArrays: false, out _));
        Assert.Equal("it is nested too deeply", ValueRenderer.TryRender(Nested(1_000_000), bareArrays: false, out _));
    }

    [Fact]
    public void Render_TooLarge_IsAProblemBeforeAndAfterGrowing()
    {
        var large = Encode((ref MessagePackWriter writer) => writer.Write(new string('x', ValueRenderer.MaxBytes + 1)));
        var growing = Encode((ref MessagePackWriter writer) =>
        {
            const int Rows = 4000;
            writer.WriteArrayHeader(Rows);
            for (var row = 0; row < Rows; row++)
            {
                writer.WriteArrayHeader(1000);
                for (var cell = 0; cell < 1000; cell++)
                {
                    writer.WriteNil();
                }
            }
        });

        Assert.Equal("it is too large", ValueRenderer.TryRender(large, bareArrays: false, out _));
        Assert.InRange(growing.Length, 0, ValueRenderer.MaxBytes);
        Assert.Equal("it is too large", ValueRenderer.TryRender(growing, bareArrays: false, out _));
    }

    [Fact]
    public void Render_AnyBytes_NeverThrows() =>
        Gen.OneOf(Gen.Byte.Array[0, 64], Gen.OneOf<byte>(0x81, 0x91, 0x92, 0xdc, 0xde, 0xa1, 0xd9, 0xc4, 0xcb, 0xc7, 0xc0, 0x01, 0xff, 0x00).Array[0, 64])
            .Sample(
                bytes =>
                {
                    var problem = ValueRenderer.TryRender(bytes, bareArrays: false, out var value);
                    Assert.True(problem is not null || value.Text is not null);
                    if (problem is null && value.Structured is { } structured)
                    {
                        Assert.Equal(JsonValueKind.Object, structured.ValueKind);
                    }
                },
                iter: 50_000);

    [Theory]
    [InlineData("plain\t\r\n", "plain\t\r\n")]
    [InlineData("\u0000a\u001b[0m\u007f\u0085", "\\u0000a\\u001b[0m\\u007f\\u0085")]
    public void VisibleText_Controls_AreEscapedExceptLinesAndTabs(string text, string visible) =>
        Assert.Equal(visible, VisibleText.Of(text));

    private static byte[] Encode(Write write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        write(ref writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
