using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Tests.Transfers.Tunnel;

/// <summary>The examples of the tunnel's description, which another program made, are what the two ends say.</summary>
public sealed partial class TunnelDocumentTests
{
    private static readonly Dictionary<string, string> s_examples = Read();
    private static readonly TunnelKeys s_keys = TunnelKeys.Derive([.. Enumerable.Range(0, 32).Select(i => (byte)i)], SHA256.HashData("offeracceptance"u8));

    [Fact]
    public void Keys_AreThoseOfTheText() => Assert.Equal(
        (s_examples["key of the source"], s_examples["key of the sink"]),
        (Convert.ToHexStringLower(s_keys.FromSource), Convert.ToHexStringLower(s_keys.FromSink)));

    [Fact]
    public void Frames_AreThoseOfTheText()
    {
        var hash = ContentHash.Read(SHA256.HashData("hello"u8));
        using var source = new CipherSeal(s_keys.FromSource, TransferRole.Source);
        using var sink = new CipherSeal(s_keys.FromSink, TransferRole.Sink);

        Is("OPEN", source, frame => frame.SetMessage(new TunnelMessage.Open(5, 258)));
        Is("RESUME", sink, frame => frame.SetMessage(new TunnelMessage.Resume(0, ContentHash.OfNothing)));
        Is("AGREE", source, frame => frame.SetMessage(new TunnelMessage.Agree(0)));
        Is("DATA", source, frame =>
        {
            "hello"u8.CopyTo(frame.Room.Span);
            frame.SetData(0, 5);
        });
        Is("FIN", source, frame => frame.SetMessage(new TunnelMessage.Finish(5, hash, true)));
        Is("MARK", sink, frame => frame.SetMessage(new TunnelMessage.Mark(5)));
        Is("DONE", sink, frame => frame.SetMessage(new TunnelMessage.Done(5, hash)));
    }

    private static void Is(string name, TunnelSeal seal, Action<TunnelFrame> set)
    {
        var frame = new TunnelFrame(TunnelLimits.MaxSmallFrame);
        set(frame);
        seal.Close(frame);
        Assert.Equal(s_examples[name], Convert.ToHexStringLower(frame.Bytes.Span));
    }

    private static Dictionary<string, string> Read([CallerFilePath] string file = "") => Row()
        .Matches(File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "..", "docs", "reference", "relay-protocol.md")))
        .ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);

    [GeneratedRegex(@"^\| ([A-Za-z ]+) \| `([0-9a-f]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
