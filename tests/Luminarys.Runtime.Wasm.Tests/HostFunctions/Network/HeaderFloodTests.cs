using System.Text;
using Luminarys.Runtime.Wasm.Tests.Engine;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Network;

/// <summary>Counts what the whole process allocates, and so runs alone.</summary>
[Collection(nameof(ResourceTests))]
public sealed class HeaderFloodTests
{
    [Theory]
    [InlineData("http_request", "headers", "http")]
    [InlineData("http_request", "cookies", "http")]
    [InlineData("ws_connect", "headers", "ws")]
    public async Task S9_Request_MillionsOfHeaders_AreNotRead(string function, string key, string scheme)
    {
        await using var harness = new NetworkHarness();
        byte[] list = [0x82, 0xa3, (byte)'u', (byte)'r', (byte)'l', (byte)(0xa0 | (scheme.Length + 11)), .. Encoding.ASCII.GetBytes($"{scheme}://a.b.c.d/"),
            (byte)(0xa0 | key.Length), .. Encoding.ASCII.GetBytes(key), 0xdd, 0, 0xf0, 0, 0, .. Enumerable.Repeat((byte)0xc0, 0xf00000)];
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var answer = await harness.AskRawAsync(function, list, TestContext.Current.CancellationToken);

        Assert.Equal("invalid argument: headers: more than 1024", answer["error"]);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64 * 1024 * 1024);
    }
}
