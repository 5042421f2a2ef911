using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Luminarys.Mcp.Http;

/// <summary>A client that sends its body drop by drop, faster than the web server's own limit minds.</summary>
public sealed class BodyPaceTests
{
    [Theory]
    [InlineData("Content-Length: 200000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task Body_ThatDrips_IsEndedAfterTenSeconds(string length)
    {
        await using var edge = await EdgeFixture.StartAsync([TestSkills.Skill("echo", TestSkills.Method("ping"))]);
        using var client = new TcpClient();
        await client.ConnectAsync(edge.Http.BaseAddress!.Host, edge.Http.BaseAddress.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var head = $"POST /mcp HTTP/1.1\r\nHost: {edge.Http.BaseAddress.Authority}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n{length}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        var drop = Encoding.ASCII.GetBytes(length[0] == 'C' ? new string(' ', 500) : $"1f4\r\n{new string(' ', 500)}\r\n");
        var watch = Stopwatch.StartNew();
        var answer = new byte[1024];
        var read = stream.ReadAsync(answer, TestContext.Current.CancellationToken).AsTask();

        while (!read.IsCompleted && watch.Elapsed < TimeSpan.FromSeconds(30))
        {
            try
            {
                await stream.WriteAsync(drop, TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                break;
            }

            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        Assert.InRange(watch.Elapsed.TotalSeconds, 9, 20);
        try
        {
            Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(answer, 0, await read), StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // The server hung up before its answer was read.
        }
    }
}
