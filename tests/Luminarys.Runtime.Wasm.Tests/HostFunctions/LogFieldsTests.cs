using System.Text.Json;
using Luminarys.Runtime.Wasm.HostFunctions;
using MessagePack;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions;

public sealed class LogFieldsTests
{
    [Theory]
    [InlineData("80", "")]
    [InlineData("82a16e01a1740a", "{\"n\":1,\"t\":10}")]
    [InlineData("81a3612262c0", "{\"a\\u0022b\":null}")]
    [InlineData("8101a178", "{\"?\":\"x\"}")]
    public void Read_Map_IsJson(string hex, string expected)
    {
        var reader = new MessagePackReader(Convert.FromHexString(hex));

        Assert.Equal(expected, LogFields.Read(ref reader));
    }

    [Fact]
    public void Read_MoreThan32_CountsTheRest()
    {
        var fields = Enumerable.Range(0, 40).ToDictionary(i => $"k{i}", i => i);
        var reader = new MessagePackReader(MessagePackSerializer.Serialize(fields, cancellationToken: TestContext.Current.CancellationToken));

        var text = LogFields.Read(ref reader);

        Assert.EndsWith(" and 8 more fields", text, StringComparison.Ordinal);
        Assert.Equal(32, JsonDocument.Parse(text[..text.LastIndexOf(" and", StringComparison.Ordinal)]).RootElement.EnumerateObject().Count());
        Assert.True(reader.End);
    }
}
