using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Luminarys.E2E;

/// <summary>What carries a file between two real nodes: a relay that is listened to, and the bus where there is no relay.</summary>
[Trait("Kind", "Integration")]
public sealed class CarrierTests
{
    private const int Length = 32 * 1024 * 1024;
    private const string Name = "the-name-nobody-should-learn.bin";

    /// <summary>Sixteen bytes of the file that nothing else has.</summary>
    private static readonly byte[] s_pattern = [0xC0, 0xDE, 0x5E, 0xA1, 0x0B, 0xAD, 0xF0, 0x0D, 0x13, 0x37, 0x42, 0x42, 0xCA, 0xFE, 0xBA, 0xBE];

    [Fact]
    public async Task Copy_NoRelay_TakesTheBus()
    {
        await using var cluster = TestCluster.Start();
        var nodes = new TransferNodes(cluster);
        nodes.More = $"relay_url: 127.0.0.1:{TestCluster.FreePort()}";
        await using var client = await nodes.StartAsync();
        var hash = SHA256.HashData(nodes.Fill("slave-1", Name, Length));

        var begun = Stopwatch.GetTimestamp();
        var (code, output) = await nodes.RunAsync("cp", nodes.Remote("slave-1", Name), nodes.Remote("slave-2", Name), "-config", nodes.Configure("master"));
        TestContext.Current.TestOutputHelper?.WriteLine($"32 MiB over the bus: {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s with the start of the command");

        Assert.True(code == 0, output + cluster.Logs);
        Assert.Equal(hash, SHA256.HashData(await File.ReadAllBytesAsync(nodes.PathOf("slave-2", Name), TestContext.Current.CancellationToken)));
        Assert.Contains(Convert.ToHexStringLower(hash)[..8], output, StringComparison.Ordinal);
        Assert.Contains("with node slave-2 takes the bus", cluster.Logs, StringComparison.Ordinal);
        Assert.Contains("with node slave-1 takes the bus", cluster.Logs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("required", false)]
    [InlineData("off", true)]
    public async Task T8_Relay_LearnsNeitherNameNorContentNorHash(string encryption, bool isSeen)
    {
        await using var cluster = TestCluster.Start();
        var nodes = new TransferNodes(cluster);
        await using var proxy = new RecordingProxy(nodes.RelayPort);
        nodes.Encryption = encryption;
        nodes.More = $"relay_url: 127.0.0.1:{proxy.Port}\n  relay: {{ secret: {TransferNodes.Secret} }}";
        var config = nodes.Configure("master");
        cluster.StartTool("relay", "-config", config);
        await using var client = await nodes.StartAsync();
        var content = Pattern();
        await File.WriteAllBytesAsync(nodes.PathOf("slave-1", Name), content, TestContext.Current.CancellationToken);

        var (code, output) = await nodes.RunAsync("cp", nodes.Remote("slave-1", Name), nodes.Remote("slave-2", Name), "-config", config);

        Assert.True(code == 0, output + cluster.Logs);
        Assert.Equal(content, await File.ReadAllBytesAsync(nodes.PathOf("slave-2", Name), TestContext.Current.CancellationToken));
        Assert.DoesNotContain("takes the bus", cluster.Logs, StringComparison.Ordinal);
        var records = proxy.Records;
        var hash = SHA256.HashData(content);
        Assert.True(records.Sum(record => record.Length) > 2 * content.Length, "the proxy saw less than went through the relay");
        Assert.Equal(isSeen, IsIn(records, s_pattern));
        Assert.Equal(isSeen, IsIn(records, hash));
        Assert.False(IsIn(records, Encoding.UTF8.GetBytes(Name)));
        Assert.False(IsIn(records, Encoding.Unicode.GetBytes(Name)));
        Assert.False(IsIn(records, Encoding.ASCII.GetBytes(Convert.ToHexString(hash))));
        Assert.False(IsIn(records, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash))));
        Assert.False(IsIn(records, Encoding.ASCII.GetBytes(Convert.ToBase64String(hash).TrimEnd('='))));

        // What the relay must know is there: this is its traffic.
        Assert.True(IsIn(records, "LMR1"u8));
        Assert.True(IsIn(records, "slave-1"u8));
    }

    private static bool IsIn(IReadOnlyList<byte[]> records, ReadOnlySpan<byte> wanted)
    {
        foreach (var record in records)
        {
            if (record.AsSpan().IndexOf(wanted) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    // The pattern in each 4 KiB, whatever the parts are cut into.
    private static byte[] Pattern()
    {
        var content = new byte[3_000_000];
        new Random(3).NextBytes(content);
        for (var at = 0; at < content.Length - s_pattern.Length; at += 4096)
        {
            s_pattern.CopyTo(content, at);
        }

        return content;
    }
}
